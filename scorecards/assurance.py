"""How much a verdict still counts, and how much of a promise recent verdicts back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from contracts.timetable import Timetable
from contracts.values import Severity
from runs.schedule import instants_between
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
_BY_INSTANTS: Final = (1.0, 1.0, 0.5)


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


def assurance(backed: Sequence[tuple[Standing, float]]) -> float:
    """Return E = sum(W * k) / sum(W) over executable clauses, in [0, 1]; 0 when nothing has weight.

    Args:
        backed: Each clause with its k, see ``backing``; W is the weight of its severity.
    """
    weight = sum(WEIGHTS[standing.severity] for standing, _ in backed)
    known = sum(WEIGHTS[standing.severity] * k for standing, k in backed)
    return known / weight if weight else 0.0
