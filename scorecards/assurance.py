"""How much a verdict still counts, and how much of a promise recent verdicts back."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from contracts.timetable import Timetable
from contracts.values import Dimension, Severity
from runs.schedule import instants_between, next_instant
from scorecards.model import Standing

WEIGHTS: Final = {
    Severity.CRITICAL: 8,
    Severity.HIGH: 4,
    Severity.MEDIUM: 2,
    Severity.LOW: 1,
    Severity.INFO: 0,
}
_DEFAULT: Final = Timetable(every=timedelta(hours=24))
_OLDEST: Final = timedelta(days=31)
_INSTANT: Final = timedelta(microseconds=1)  # the finest step of time
_BY_INSTANTS: Final = (1.0, 1.0, 0.5)
ENOUGH: Final = 0.8  # assurance from which a score counts as proven

Backed: TypeAlias = tuple[Standing, float]
"""A clause with its k."""


def backing(standing: Standing, now: datetime) -> float:
    """Return k, how much the newest verdict of a clause counts at ``now``, in [0, 1].

    Good verdicts expire, bad ones stick: a failure counts fully until a pass replaces it, so that
    pausing a failing check cannot raise a score. With n the scheduled instants since a good
    verdict, k is 1 for n <= 1, 0.5 for n = 2 and 0 from 3 on; it is 0 as well once the verdict is
    older than 31 days. Without a schedule an instant comes every 24 h. A clause that was never
    judged has k = 0.

    Source:
        Assay's own model, version ``scorecards.model.MODEL``.
    """
    if standing.good is None or standing.judged_at is None:
        return 0.0
    if not standing.good:
        return 1.0
    if now - standing.judged_at > _OLDEST:
        return 0.0
    passed = instants_between(
        standing.timetable or _DEFAULT,
        anchor=standing.anchor or standing.judged_at,
        start=standing.judged_at,
        end=now,
        at_most=len(_BY_INSTANTS),
    )
    return _BY_INSTANTS[passed] if passed < len(_BY_INSTANTS) else 0.0


def backed(clauses: Sequence[Standing], now: datetime) -> list[Backed]:
    """Return each clause with its k at ``now``; clauses judged together are looked at once."""
    known: dict[object, float] = {}
    found = []
    for clause in clauses:
        alike = (clause.timetable, clause.anchor, clause.good, clause.judged_at)
        if alike not in known:
            known[alike] = backing(clause, now)
        found.append((clause, known[alike]))
    return found


def proven_until(clauses: Sequence[Standing], now: datetime) -> datetime | None:
    """Return from when on assurance is below 0.8, if nothing is judged any more.

    Returns:
        A moment behind ``now``; ``now`` itself where assurance is below 0.8 already; None where it
        never will be, since enough of it rests on failures, which stick.
    """
    held = backed(clauses, now)
    if assurance(held) < ENOUGH:
        return now
    weight = sum(WEIGHTS[clause.severity] for clause, _ in held)
    known = sum(WEIGHTS[clause.severity] * k for clause, k in held)
    for moment, loss in _falls(held, now):
        known -= loss
        if known / weight < ENOUGH:
            return moment
    return None


def faded_at(clause: Standing, now: datetime) -> datetime | None:
    """Return when the k of a clause fell last, up to ``now``; None where it never did."""
    if not clause.good or clause.judged_at is None:
        return None
    falls = _losses(clause, clause.judged_at, 1.0, clause.judged_at)
    return max((moment for moment, _ in falls if moment <= now), default=None)


def _falls(held: Sequence[Backed], now: datetime) -> list[tuple[datetime, float]]:
    """Return when how much of W * k is lost, soonest first."""
    together: defaultdict[tuple[Standing, datetime, float], int] = defaultdict(int)
    for clause, k in held:
        if clause.good and clause.judged_at and k:
            alike = replace(clause, key="", severity=Severity.INFO, dimension=Dimension.CONFORMITY)
            together[alike, clause.judged_at, k] += WEIGHTS[clause.severity]
    return sorted(
        (moment, weight * loss)
        for (clause, judged_at, k), weight in together.items()
        for moment, loss in _losses(clause, judged_at, k, now)
    )


def _losses(
    clause: Standing, judged_at: datetime, k: float, now: datetime
) -> list[tuple[datetime, float]]:
    """Return when how much of the k of a good verdict is lost, soonest first."""
    end = judged_at + _OLDEST + _INSTANT
    timetable = clause.timetable or _DEFAULT
    moment, left, losses = judged_at, k, []
    for then in (*_BY_INSTANTS[1:], 0.0):
        anchor = clause.anchor or judged_at
        moment = min(end, next_instant(timetable, after=moment, anchor=anchor))
        until = 0.0 if moment == end else then
        if moment > now and until < left:
            losses.append((moment, left - until))
            left = until
    return losses


def assurance(backed: Sequence[Backed]) -> float:
    """Return E = sum(W * k) / sum(W) over executable clauses, in [0, 1]; 0 when nothing has weight.

    Args:
        backed: Each clause with its k, see ``backing``; W is the weight of its severity.
    """
    weight = sum(WEIGHTS[standing.severity] for standing, _ in backed)
    known = sum(WEIGHTS[standing.severity] * k for standing, k in backed)
    return known / weight if weight else 0.0
