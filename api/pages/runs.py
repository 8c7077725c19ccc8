"""A run: what was judged, how it ended, where the time went, and what was left out and why."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.ask import Asked
from api.ids import RowId
from api.pages.rendering import page
from api.pages.rows import count_looks, rows_of_results
from api.pages.sections import Sections, sections
from runs.model import Run
from usecases.history import run_detail

router = APIRouter(prefix="/runs", include_in_schema=False)

INLINE: Final = 300  # clauses up to which a run shows what passed
_NAMES: Final = {
    "open": "Opening the data",
    "pandera": "Pandera",
    "great_expectations": "Great Expectations",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A part of a run's time: ``seconds``, and its share of the longest part in percent."""

    name: str
    seconds: float
    share: float


@router.get("/{run_id}")
def show_run(request: Request, asked: Asked, run_id: RowId) -> Response:
    """Show a run with every answer."""
    detail = run_detail(asked.store, run_id, by=asked.by)
    rows = rows_of_results(detail.results)
    parted = sections(rows)
    return page(
        asked,
        request,
        "run.html",
        run=detail.run,
        rows=rows,
        counts=count_looks(rows),
        sections=parted,
        skipped=_skipped(parted),
        phases=phases(detail.run),
        whole=len(rows) <= INLINE,
        evidence_shown=detail.evidence_shown,
    )


def phases(run: Run) -> tuple[Phase, ...]:
    """Return where the time of a run went, in the order in which it was spent."""
    parts = {name: spent for name, spent in run.seconds.items() if name != "total"}
    longest = max(parts.values(), default=0.0) or 1.0
    return tuple(
        Phase(
            name=_NAMES.get(name, name.replace("_", " ").capitalize()),
            seconds=spent,
            share=round(100 * spent / longest, 1),
        )
        for name, spent in parts.items()
    )


def _skipped(parted: Sections) -> int:
    return len(parted.people) + sum(len(group.rows) for group in parted.skipped)
