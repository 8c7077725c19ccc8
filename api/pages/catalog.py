"""The list of products, what needs somebody first, and how the domains stand."""

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from api.ask import Asked
from api.errors import BadInput, Fault
from api.pages.rendering import page
from api.pages.standing import Stand, stand_of_summary
from api.pages.words import leading
from scorecards.catalog import Order, Place, State, Wanted
from usecases.card import Summary
from usecases.catalog import Page, catalog

router = APIRouter(include_in_schema=False)

MOST: Final = 50
_NAMED: Final = 200  # domains and owners that a field offers
_ORDERS: Final = {
    Order.ATTENTION: "attention first",
    Order.SCORE: "lowest score first",
    Order.KEY: "by name",
}
_STATES: Final = {
    State.INCIDENT: "open incident",
    State.FAILING: "failing",
    State.ERRORED: "not judged",
    State.UNPROVEN: "too little evidence",
    State.NEVER_RUN: "never run",
    State.HEALTHY: "healthy",
}


class Search(BaseModel):
    """What the address asks for. Words that mean nothing ask for nothing."""

    q: str = Field("", max_length=200)
    domain: str = Field("", max_length=500)
    owner: str = Field("", max_length=500)
    state: str = Field("", max_length=20)
    below: str = Field("", max_length=10)
    order: str = Field("", max_length=20)
    after: str = Field("", max_length=700)

    @property
    def wanted(self) -> Wanted:
        """The same as the catalog understands it."""
        return Wanted(
            text=self.q.strip(),
            domain=self.domain or None,
            owner=self.owner or None,
            state=State(self.state) if self.state in set(State) else None,
            max_score=_score(self.below),
            order=Order(self.order) if self.order in set(Order) else Order.ATTENTION,
        )

    def query(self, **more: object) -> str:
        """Return the same search from another place on."""
        said = {name: value for name, value in self.model_dump().items() if value}
        said.pop("after", None)
        return urlencode({**said, **more})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One product of the list; ``figure`` is what leads, 0..100, None where nothing is measured."""

    summary: Summary
    stand: Stand
    figure: float | None


@router.get("/")
def show_products(
    request: Request, asked: Asked, *, search: Annotated[Search, Query()]
) -> Response:
    """Show products, those that are wanted, what needs attention first."""
    wanted, after = search.wanted, place_of(search.after)
    found = catalog(
        asked.store, by=asked.by, wanted=wanted, after=after, limit=MOST, clock=asked.clock
    )
    return page(
        asked,
        request,
        "products.html",
        entries=entries(found),
        found=found,
        wanted=wanted,
        narrowed=wanted != Wanted(order=wanted.order),
        attention=None if after or wanted.state else found.total - found.healthy,
        states=_STATES,
        orders=_ORDERS,
        domains=list(found.domains.items())[:_NAMED],
        owners=list(found.owners.items())[:_NAMED],
        following=None if found.next is None else search.query(after=found.next),
        beginning=search.query() if after else None,
        search=wanted.text,
    )


def entries(found: Page) -> list[Entry]:
    """Return the products of a page as they are shown."""
    return [
        Entry(summary=row, stand=stand_of_summary(row), figure=leading(row.score))
        for row in found.rows
    ]


def place_of(after: str) -> Place | None:
    """Return the cursor that a query holds; None where it holds none.

    Raises:
        BadInput: it is no cursor of ours.
    """
    try:
        return Place.read(after) if after else None
    except ValueError as error:
        fault = Fault(code="bad-cursor", pointer="/query/after", detail=str(error))
        raise BadInput((fault,)) from error


def _score(said: str) -> float | None:
    try:
        value = float(said)
    except ValueError:
        return None
    return value if 0 <= value <= 100 else None  # noqa: PLR2004 - the range of a score
