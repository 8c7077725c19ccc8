"""The list of products, and the scorecard of one."""

from collections import Counter
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.ask import Asked
from api.charts import Ring, ring, trend
from api.pages.rendering import page
from api.pages.rows import Row, count_looks, rows_of_lines
from api.pages.standing import Stand, by_attention, stand_of_card, stand_of_summary
from api.pages.words import leading
from checks.model import Outcome
from usecases.card import Summary, card, overview

router = APIRouter(include_in_schema=False)

_MOST = 200
After = Annotated[str, Query(max_length=500)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One product of the list."""

    summary: Summary
    stand: Stand
    figure: float | None
    ring: Ring


@router.get("/")
def show_products(request: Request, asked: Asked, *, after: After = "") -> Response:
    """Show products, what needs attention first."""
    found = overview(asked.store, by=asked.by, after=after, limit=_MOST + 1, clock=asked.clock)
    shown = found[:_MOST]
    entries = [_entry(summary) for summary in sorted(shown, key=by_attention)]
    return page(
        asked,
        request,
        "products.html",
        entries=entries,
        tones=Counter(entry.stand.tone.value for entry in entries),
        following=shown[-1].product.key if len(found) > _MOST else None,
        base_url=asked.settings.base_url,
    )


@router.get("/products/{key}")
def show_scorecard(request: Request, asked: Asked, key: str) -> Response:
    """Show how a product stands."""
    found = card(asked.store, key, by=asked.by, clock=asked.clock)
    score, rows = found.score, rows_of_lines(found.lines, dict(found.score.lost))
    return page(
        asked,
        request,
        "scorecard.html",
        card=found,
        score=score,
        stand=stand_of_card(found),
        figure=leading(score),
        ring=ring(leading(score), score.low, score.high),
        trend=trend(found.history, found.incidents, found.now),
        rows=rows,
        counts=count_looks(rows),
        alerts=_alerts(rows),
        unjudged=_unjudged(rows),
        broken=next((run for run in found.runs if run.error), None),
        checked=next((run.finished for run in found.runs if run.finished), None),
        badge_url=f"{asked.settings.base_url}/api/v1/products/{key}/badge.svg",
        page_url=f"{asked.settings.base_url}/products/{key}",
    )


def _entry(summary: Summary) -> Entry:
    score = summary.score
    figure = leading(score)
    drawn = ring(figure, score.low, score.high)
    return Entry(summary=summary, stand=stand_of_summary(summary), figure=figure, ring=drawn)


def _alerts(rows: tuple[Row, ...]) -> dict[str, list[Row]]:
    """Return the rows that an alert is about, by outcome."""
    return {
        outcome.value: [row for row in rows if row.finding.outcome is outcome]
        for outcome in (Outcome.FAILED, Outcome.ERRORED)
    }


def _unjudged(rows: tuple[Row, ...]) -> Counter[str]:
    """Count errored clauses by dimension, whose bars must not look green."""
    return Counter(
        row.clause.dimension.value
        for row in rows
        if row.clause.dimension and row.finding.outcome is Outcome.ERRORED
    )
