"""Products: how they stand, their badges, and asking for a run."""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Query, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials

from api.ask import BEARER, Asked, Parts, PartsOfApp, ask, soon
from api.errors import BadInput, Fault
from api.models.base import Moment, Word
from api.models.products import (
    ExplanationDocument,
    ProductListing,
    ProductSummary,
    Scorecard,
)
from api.models.runs import QueuedRuns
from api.openapi import answers, problems
from api.paging import After, Limit
from api.parameters import require_known
from api.written import write
from scorecards.badge import badge
from scorecards.catalog import Order, Place, State, Wanted
from usecases import documents, standing_documents
from usecases.backpressure import require_room
from usecases.card import card, glance, summary
from usecases.catalog import catalog
from usecases.errors import NotFound
from usecases.explain import explain
from usecases.request_run import request_run

router = APIRouter(prefix="/products", tags=["products"])
badges = APIRouter(prefix="/products", tags=["products"])  # may be open to all

_FRESH: Final = 60  # seconds for which a badge may be kept
Text = Annotated[
    Word,
    Query(
        max_length=200,
        description="Words, each of which stands in a product's key, name, domain, owner or "
        "purpose, or in the name of a schema or column; in any case.",
    ),
]
Name = Annotated[Word | None, Query(max_length=200)]
Points = Annotated[float | None, Query(ge=0, le=100, allow_inf_nan=False)]
Ordered = Annotated[
    Order, Query(description="`attention`: what needs somebody first. `score`: the lowest first.")
]
At = Annotated[
    Moment | None,
    Query(description="Show the card as it was known then; a time without zone is UTC."),
]
Since = Annotated[
    Moment | None,
    Query(description="From when on; a time without zone is UTC. Left out: 24 hours ago."),
]
IdempotencyKey = Annotated[
    str | None,
    Header(min_length=1, max_length=200, description="The same key again gives the same runs."),
]


async def _reader(
    request: Request,
    held: PartsOfApp,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
) -> Parts:
    """Let in anybody where badges are public, else whoever shows a token."""
    if not held.settings.public_badges:
        return await ask(request, held, bearer)
    require_known(request)
    return held


def place(after: str, order: Order) -> Place | None:
    """Return the place in a list that a cursor stands for; None for the first page.

    Raises:
        BadInput: it is no cursor of a list in this order.
    """
    if not after:
        return None
    try:
        found = Place.read(after)
    except ValueError as error:
        raise _not_after(str(error)) from error
    if found.order is not order:
        raise _not_after(f"is of a list by {found.order}, and this one is by {order}")
    return found


def _not_after(why: str) -> BadInput:
    return BadInput((Fault(code="bad-cursor", pointer="/query/after", detail=why),))


def _wanted(
    *,
    q: Text = "",
    domain: Name = None,
    owner: Annotated[Name, Query(description="Exactly this owner; empty: those without.")] = None,
    state: Annotated[State | None, Query(description="`healthy`: in none of the others.")] = None,
    min_score: Points = None,
    max_score: Points = None,
) -> Wanted:
    return Wanted(
        text=q,
        domain=domain,
        owner=owner,
        state=state,
        min_score=min_score,
        max_score=max_score,
    )


@router.get(
    "",
    summary="List products",
    response_model=ProductListing,
    responses=problems(401, 422),
)
def read_products(
    asked: Asked,
    wanted: Annotated[Wanted, Depends(_wanted)],
    *,
    order: Ordered = Order.KEY,
    after: After = "",
    limit: Limit = 50,
) -> documents.Document:
    """Return the products that are asked for, each with its score now."""
    found = catalog(
        asked.store,
        by=asked.by,
        wanted=replace(wanted, order=order),
        after=place(after, order),
        limit=limit,
        clock=asked.clock,
    )
    return standing_documents.page(found)


@badges.get(
    "/{key}/badge.svg",
    summary="Draw a product's badge",
    response_class=Response,
    responses={
        200: answers("S_low of the product, or why there is no number.", "image/svg+xml"),
        **problems(401, 404, 422),
    },
)
async def read_badge(key: str, held: Annotated[Parts, Depends(_reader)]) -> Response:
    """Return a small picture for a README or a wiki page; it may be kept for a minute."""
    found = await soon(held.store, lambda store: glance(store, key, clock=held.clock))
    drawn = badge(found.score, errored=found.unjudged.serious)
    scope = "public" if held.settings.public_badges else "private"
    headers = {
        "Cache-Control": f"{scope}, max-age={_FRESH}",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return Response(drawn, media_type="image/svg+xml", headers=headers)


@router.get(
    "/{key}/scorecard",
    summary="Read a scorecard",
    response_model=Scorecard,
    responses=problems(401, 404, 409, 422),
)
async def read_scorecard(asked: Asked, key: str, *, at: At = None) -> Response:
    """Return all that a consumer needs to decide whether to rely on a product."""
    body, tag = await soon(
        asked.store,
        lambda store: write(card(store, key, by=asked.by, clock=asked.clock, at=at)),
    )
    return Response(body, media_type="application/json", headers={"ETag": tag})


@router.get(
    "/{key}/scorecard/explain",
    summary="Explain a score",
    response_model=ExplanationDocument,
    responses=problems(401, 404, 409, 422),
)
def read_explanation(asked: Asked, key: str, *, since: Since = None) -> documents.Document:
    """Return why the score is not what it was: every change, with the points that it moved."""
    found = explain(asked.store, key, by=asked.by, since=since, clock=asked.clock)
    return standing_documents.explanation(found)


@router.get(
    "/{key}",
    summary="Read a product",
    response_model=ProductSummary,
    responses=problems(401, 404, 422),
)
async def read_product(asked: Asked, key: str) -> documents.Document:
    """Return a product with its score now."""
    found = await soon(
        asked.store, lambda store: summary(store, key, by=asked.by, clock=asked.clock)
    )
    return documents.summary(found)


@router.post(
    "/{key}/runs",
    summary="Ask for a run",
    status_code=202,
    response_model=QueuedRuns,
    responses=problems(401, 403, 404, 409, 422, 429),
    tags=["runs"],
)
def ask_for_runs(
    asked: Asked, key: str, response: Response, *, idempotency_key: IdempotencyKey = None
) -> documents.Document:
    """Queue one run for each port; `Location` leads to the first."""
    require_room(asked.store, asked.settings.queue_limit)
    runs = request_run(asked.store, key, by=asked.by, key=idempotency_key, clock=asked.clock)
    if not runs:
        raise NotFound("output port of product", key)
    response.headers["Location"] = f"/api/v1/runs/{runs[0].id}"
    return {"runs": [documents.run(run) for run in runs]}
