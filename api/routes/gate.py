"""Whether a product may be relied on, for pipelines that are about to read it."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query

from api.ask import Asked
from api.models.gate import GateDocument
from api.openapi import problems
from contracts.instants import instant
from scorecards.gate import Reason, Terms
from usecases import documents
from usecases.gate import gate

router = APIRouter(prefix="/products", tags=["products"])

_YEAR: Final = 366 * 86400
MinScore = Annotated[
    float | None, Query(ge=0, le=100, description="What S_low must reach; absent: any will do.")
]
MaxAge = Annotated[
    int | None,
    Query(
        ge=1,
        le=_YEAR,
        description="Oldest verdict of a blocking clause that will do, s; absent: any that counts.",
    ),
]


@router.get(
    "/{key}/gate",
    summary="Ask whether to rely on a product now",
    response_model=GateDocument,
    responses=problems(401, 404, 422),
)
def read_gate(
    asked: Asked, key: str, *, min_score: MinScore = None, max_age: MaxAge = None
) -> documents.Document:
    """Return `open` when every blocking clause keeps its promise, and what you ask beside holds.

    A good verdict that counts no more, since its schedule went on without one, is `unsure`, unless
    `max_age` says how old it may be.
    """
    age = None if max_age is None else timedelta(seconds=max_age)
    terms = Terms(min_score=min_score, max_age=age)
    found = gate(asked.store, key, terms, by=asked.by, clock=asked.clock)
    return {
        "product": found.product.key,
        "verdict": found.decision.verdict.value,
        "reasons": [_reason(reason) for reason in found.decision.reasons],
        "skipped": found.decision.skipped,
        "low": found.score.low,
        "assurance": found.score.assurance,
        "last_run": None if found.last_run is None else documents.run(found.last_run),
        "at": instant(found.at),
    }


def _reason(reason: Reason) -> documents.Document:
    return {
        "verdict": reason.verdict.value,
        "code": reason.code,
        "detail": reason.words,
        "clause": reason.clause,
    }
