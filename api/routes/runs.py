"""Runs and their results."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.ask import Asked
from api.ids import RowId
from api.models.base import Listing
from api.models.runs import ResultsOfRun, RunDocument
from api.openapi import problems
from api.paging import AfterId, Limit, listing
from checks.model import Outcome
from runs.filter import RunFilter
from runs.model import RunState, Trigger
from usecases import documents
from usecases.history import list_runs, run_detail

router = APIRouter(prefix="/runs", tags=["runs"])

Product = Annotated[str | None, Query(description="Only runs of this product.")]
State = Annotated[RunState | None, Query(description="Only runs in this state.")]
Verdict = Annotated[
    Outcome | None, Query(alias="outcome", description="Only runs with this verdict.")
]
Cause = Annotated[
    Trigger | None, Query(alias="trigger", description="Only runs asked for this way.")
]


async def _wanted(
    product: Product = None, state: State = None, verdict: Verdict = None, cause: Cause = None
) -> RunFilter:
    return RunFilter(product=product, state=state, outcome=verdict, trigger=cause)


@router.get(
    "",
    summary="List runs",
    response_model=Listing[RunDocument],
    responses=problems(401, 422),
)
def read_runs(
    asked: Asked,
    wanted: Annotated[RunFilter, Depends(_wanted)],
    *,
    after: AfterId = None,
    limit: Limit = 50,
) -> documents.Document:
    """Return runs, newest first; what is asked of them must all hold."""
    rows = list_runs(asked.store, wanted, by=asked.by, before=after, limit=limit + 1)
    return listing(rows, limit, cursor=lambda row: row.id, shape=documents.run)


@router.get(
    "/{run_id}", summary="Read a run", response_model=RunDocument, responses=problems(401, 404, 422)
)
def read_run(asked: Asked, run_id: RowId) -> documents.Document:
    """Return one run without its results."""
    return documents.run(run_detail(asked.store, run_id, by=asked.by).run)


@router.get(
    "/{run_id}/results",
    summary="Read the results of a run",
    response_model=ResultsOfRun,
    responses=problems(401, 404, 422),
)
def read_results(asked: Asked, run_id: RowId) -> documents.Document:
    """Return the answer to every clause; evidence only where you may see it."""
    detail = run_detail(asked.store, run_id, by=asked.by)
    return {
        "run": run_id,
        "results": [documents.result(result) for result in detail.results],
        "evidence_shown": detail.evidence_shown,
    }
