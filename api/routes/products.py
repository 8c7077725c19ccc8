"""Products: how they stand, their badges, and asking for a run."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials

from api.ask import BEARER, Asked, Parts, PartsOfApp, ask
from api.models.base import Listing
from api.models.products import ProductSummary, Scorecard
from api.models.runs import QueuedRuns
from api.openapi import answers, problems
from api.paging import After, Limit, listing
from scorecards.badge import badge
from usecases import documents
from usecases.card import Summary, card, glance, overview
from usecases.errors import NotFound
from usecases.request_run import request_run

router = APIRouter(prefix="/products", tags=["products"])
badges = APIRouter(prefix="/products", tags=["products"])  # may be open to all

_FRESH: Final = 60  # seconds for which a badge may be kept
IdempotencyKey = Annotated[
    str | None,
    Header(min_length=1, max_length=200, description="The same key again gives the same runs."),
]


def _reader(
    request: Request,
    held: PartsOfApp,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)],
) -> Parts:
    """Let in anybody where badges are public, else whoever shows a token."""
    return held if held.settings.public_badges else ask(request, held, bearer)


@router.get(
    "",
    summary="List products",
    response_model=Listing[ProductSummary],
    responses=problems(401, 422),
)
def read_products(asked: Asked, *, after: After = "", limit: Limit = 50) -> documents.Document:
    """Return products by key, each with its score now."""
    rows = overview(asked.store, by=asked.by, after=after, limit=limit + 1, clock=asked.clock)
    return listing(rows, limit, cursor=lambda row: row.product.key, shape=documents.summary)


@badges.get(
    "/{key}/badge.svg",
    summary="Draw a product's badge",
    response_class=Response,
    responses={
        200: answers("S_low of the product, or why there is no number.", "image/svg+xml"),
        **problems(401, 404, 422),
    },
)
def read_badge(key: str, held: Annotated[Parts, Depends(_reader)]) -> Response:
    """Return a small picture for a README or a wiki page; it may be kept for a minute."""
    found = glance(held.store, key, clock=held.clock)
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
    responses=problems(401, 404, 422),
)
def read_scorecard(asked: Asked, key: str) -> documents.Document:
    """Return all that a consumer needs to decide whether to rely on a product."""
    return documents.card(card(asked.store, key, by=asked.by, clock=asked.clock))


@router.get(
    "/{key}",
    summary="Read a product",
    response_model=ProductSummary,
    responses=problems(401, 404, 422),
)
def read_product(asked: Asked, key: str) -> documents.Document:
    """Return a product with its score now."""
    found = card(asked.store, key, by=asked.by, clock=asked.clock)
    return documents.summary(
        Summary(
            product=found.product,
            score=found.score,
            open_incidents=sum(incident.state.open for incident in found.incidents),
            last_run=next(iter(found.runs), None),
            unjudged=found.unjudged,
        )
    )


@router.post(
    "/{key}/runs",
    summary="Ask for a run",
    status_code=202,
    response_model=QueuedRuns,
    responses=problems(401, 403, 404, 409, 422),
    tags=["runs"],
)
def ask_for_runs(
    asked: Asked, key: str, response: Response, *, idempotency_key: IdempotencyKey = None
) -> documents.Document:
    """Queue one run for each port; `Location` leads to the first."""
    runs = request_run(asked.store, key, by=asked.by, key=idempotency_key, clock=asked.clock)
    if not runs:
        raise NotFound("output port of product", key)
    response.headers["Location"] = f"/api/v1/runs/{runs[0].id}"
    return {"runs": [documents.run(run) for run in runs]}
