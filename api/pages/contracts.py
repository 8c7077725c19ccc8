"""A contract: what it promises in sentences, its versions, and the document as it was published."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.ask import Ask, Asked
from api.pages.rendering import page
from api.pages.sheet import SHEETS
from runs.model import Schedule
from usecases.card import summary
from usecases.errors import NotFound
from usecases.history import document, list_versions
from usecases.schedules import get_schedule

router = APIRouter(prefix="/contracts", include_in_schema=False)

Wanted = Annotated[str | None, Query(alias="version", max_length=200)]


@router.get("/{contract_id}")
def show_contract(
    request: Request, asked: Asked, contract_id: str, *, wanted: Wanted = None
) -> Response:
    """Show a version of a contract."""
    found, body = document(asked.store, contract_id, by=asked.by, version=wanted)
    return page(
        asked,
        request,
        "contract.html",
        version=found,
        product=summary(asked.store, found.product, by=asked.by, clock=asked.clock).product,
        schedule=_schedule(asked, contract_id),
        sheet=SHEETS.get(found.sha256, lambda: body),
        lines=body.decode("utf-8-sig", errors="replace").splitlines(),
        versions=list_versions(asked.store, contract_id, by=asked.by),
    )


def _schedule(asked: Ask, contract_id: str) -> Schedule | None:
    """Return when a contract is judged; None where only when asked."""
    try:
        return get_schedule(asked.store, contract_id, by=asked.by)
    except NotFound:
        return None
