"""What is on record: a run with its results, a contract with its bytes."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.ask import Asked
from api.ids import RowId
from api.pages.rendering import page
from api.pages.rows import count_looks, rows_of_results
from usecases.history import document, list_versions, run_detail

router = APIRouter(include_in_schema=False)

Wanted = Annotated[str | None, Query(alias="version", max_length=200)]


@router.get("/runs/{run_id}")
def show_run(request: Request, asked: Asked, run_id: RowId) -> Response:
    """Show a run with every answer."""
    detail = run_detail(asked.store, run_id, by=asked.by)
    rows = rows_of_results(detail.results)
    return page(
        asked,
        request,
        "run.html",
        run=detail.run,
        rows=rows,
        counts=count_looks(rows),
        evidence_shown=detail.evidence_shown,
    )


@router.get("/contracts/{contract_id}")
def show_contract(
    request: Request, asked: Asked, contract_id: str, *, wanted: Wanted = None
) -> Response:
    """Show a version's document exactly as it was published."""
    found, body = document(asked.store, contract_id, by=asked.by, version=wanted)
    return page(
        asked,
        request,
        "contract.html",
        version=found,
        text=body.decode("utf-8-sig", errors="replace"),
        versions=list_versions(asked.store, contract_id, by=asked.by),
    )
