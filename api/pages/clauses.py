"""The whole list of a product's clauses: sifted by words, outcome and place, page by page."""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from api.ask import Asked
from api.pages.instants import MaybeInstant
from api.pages.rendering import page
from api.pages.rows import count_looks, rows_of_lines
from api.pages.sections import Sought, sections, sift
from checks.model import Outcome
from usecases.card import card

router = APIRouter(prefix="/products", include_in_schema=False)

MOST: Final = 100


class Search(BaseModel):
    """What the address asks for."""

    q: str = Field("", max_length=200)
    state: str = Field("", max_length=20)
    object: str | None = Field(None, max_length=500)
    clause: str | None = Field(None, max_length=2000)
    start: int = Field(0, ge=0, le=100_000, alias="from")
    at: MaybeInstant = None

    @property
    def sought(self) -> Sought:
        """The same as the list understands it; an outcome that is none asks for nothing."""
        known = self.state in set(Outcome)
        return Sought(
            text=self.q.strip(),
            outcome=Outcome(self.state) if known else None,
            schema=self.object,
            key=self.clause,
        )

    def query(self, start: int) -> str:
        """Return the same search from another place on."""
        asked = {"q": self.q, "state": self.state, "clause": self.clause}
        asked |= {"at": self.at.isoformat() if self.at else None}
        said = {name: value for name, value in asked.items() if value}
        whole = {} if self.object is None else {"object": self.object}  # empty means something
        return urlencode({**said, **whole, "from": start})


@router.get("/{key}/clauses")
def show_clauses(
    request: Request, asked: Asked, key: str, *, search: Annotated[Search, Query()]
) -> Response:
    """Show the clauses of a product, those that are wanted."""
    found = card(asked.store, key, by=asked.by, clock=asked.clock, at=search.at)
    rows = rows_of_lines(found.lines, dict(found.score.lost))
    wanted = sift(rows, search.sought)
    start, end = search.start, search.start + MOST
    return page(
        asked,
        request,
        "clauses.html",
        card=found,
        sought=search.sought,
        counts=count_looks(rows),
        total=len(rows),
        wanted=len(wanted),
        start=start,
        end=min(end, len(wanted)),
        sections=sections(wanted[start:end]),
        following=search.query(end) if len(wanted) > end else None,
        before=search.query(max(0, start - MOST)) if start else None,
        past=search.at,
        now=found.now,
    )
