"""A domain: its products, how many are at target, the lowest, what is open. No average."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.ask import Asked
from api.pages.catalog import MOST, entries, place_of
from api.pages.rendering import page
from usecases.domains import domain_detail

router = APIRouter(prefix="/domains", include_in_schema=False)

After = Annotated[str, Query(max_length=700)]


@router.get("/{name:path}")
def show_domain(request: Request, asked: Asked, name: str, *, after: After = "") -> Response:
    """Show how a domain stands, and its products, what needs attention first."""
    found = domain_detail(
        asked.store, name, by=asked.by, after=place_of(after), limit=MOST, clock=asked.clock
    )
    return page(
        asked,
        request,
        "domain.html",
        domain=found.standing,
        entries=entries(found.page),
        following=found.page.next,
        first=not after,
    )
