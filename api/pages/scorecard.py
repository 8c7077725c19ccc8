"""The scorecard of a product, now or in the past, and why it is not what it was."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter
from fastapi.responses import RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from access.model import Action
from api.ask import Ask, Asked, Guarded
from api.charts.ring import ring
from api.charts.trend import trend
from api.pages.instants import At
from api.pages.past import figures, shift
from api.pages.rendering import page
from api.pages.rows import Row, count_looks, rows_of_lines
from api.pages.sections import sections
from api.pages.sheet import SHEETS, Sheet
from api.pages.standing import stand_of_card
from api.pages.words import leading
from checks.model import Outcome
from contracts.record import Version
from scorecards.telling import arranged
from usecases.backpressure import require_room
from usecases.card import Card, card, summary
from usecases.errors import NotFound
from usecases.explain import explain
from usecases.explain_words import rest, sentence
from usecases.history import document, list_versions
from usecases.request_run import request_run

router = APIRouter(prefix="/products", include_in_schema=False, route_class=Guarded)

INLINE: Final = 60  # clauses up to which a card holds them all; else those kept are a link away
_TROUBLE: Final = 50  # blocks of trouble on a card
_FIGURES: Final = 30


@router.get("/{key}")
def show_scorecard(request: Request, asked: Asked, key: str, *, at: At = None) -> Response:
    """Show how a product stands, or how it was known to stand at an instant of the past."""
    found = card(asked.store, key, by=asked.by, clock=asked.clock, at=at)
    score, rows = found.score, rows_of_lines(found.lines, dict(found.score.lost))
    figure, versions = leading(score), _versions(asked, found)
    return page(
        asked,
        request,
        "scorecard.html",
        card=found,
        score=score,
        stand=stand_of_card(found),
        figure=figure,
        ring=ring(figure, score.low, score.high),
        shift=shift(found.history, score.quality, found.now),
        trend=trend(found.history, found.incidents, found.now, versions),
        figures=figures(found.history, _FIGURES),
        rows=rows,
        counts=count_looks(rows),
        sections=sections(rows),
        whole=len(rows) <= INLINE,
        most=_TROUBLE,
        alerts=_alerts(rows),
        unjudged=_unjudged(rows),
        broken=next((run for run in found.runs if run.error), None),
        checked=next((run.finished for run in found.runs if run.finished), None),
        sheets=_sheets(asked, found),
        may_run=at is None and asked.by.may(Action.RUN, found.product.domain),
        past=at,
        now=found.now,
        base_url=asked.settings.base_url,
    )


@router.get("/{key}/why")
def show_why(request: Request, asked: Asked, key: str, *, since: At = None) -> Response:
    """Show why the score is not what it was: a day ago, or at the instant that is asked for."""
    found = explain(asked.store, key, by=asked.by, since=since, clock=asked.clock)
    singly, groups = arranged(found.reasons, lambda reason: reason.change)
    return page(
        asked,
        request,
        "why.html",
        found=found,
        product=summary(asked.store, key, by=asked.by, clock=asked.clock).product,
        reasons=[(reason, sentence(reason, found.at)) for reason in singly],
        groups=groups,
        rest=rest(found),
    )


@router.post("/{key}/run")
def judge_now(asked: Asked, key: str) -> Response:
    """Ask for a run, and show the first one."""
    require_room(asked.store, asked.settings.queue_limit)
    runs = request_run(asked.store, key, by=asked.by, clock=asked.clock)
    if not runs:
        raise NotFound("output port of product", key)
    return RedirectResponse(f"/runs/{runs[0].id}", status_code=303)


def _versions(asked: Ask, found: Card) -> tuple[Version, ...]:
    """Return every version that a port of the product had, for the line of its trend."""
    ids = {port.port.contract_id for port in found.ports}
    every = (list_versions(asked.store, contract_id, by=asked.by) for contract_id in sorted(ids))
    return tuple(version for versions in every for version in versions)


def _sheets(asked: Ask, found: Card) -> dict[str, Sheet | None]:
    """Return what the contract of each port says, by contract id."""
    return {port.version.contract_id: _sheet(asked, port.version) for port in found.ports}


def _sheet(asked: Ask, version: Version) -> Sheet | None:
    contract_id, name = version.contract_id, version.version
    return SHEETS.get(
        version.sha256, lambda: document(asked.store, contract_id, by=asked.by, version=name)[1]
    )


def _alerts(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the rows that an alert is about, by outcome."""
    return {
        outcome.value: [row for row in rows if row.finding.outcome is outcome]
        for outcome in (Outcome.FAILED, Outcome.ERRORED)
    }


def _unjudged(rows: Sequence[Row]) -> Counter[str]:
    """Count errored clauses by dimension, whose bars must not look green."""
    return Counter(
        row.clause.dimension.value
        for row in rows
        if row.clause.dimension and row.finding.outcome is Outcome.ERRORED
    )
