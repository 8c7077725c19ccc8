"""Standing -> score: quality and assurance of a product at one moment. Pure arithmetic."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from contracts.values import Dimension, Severity
from scorecards.assurance import Backed, assurance, backed
from scorecards.dimensions import (
    Tallies,
    as_known,
    at_best,
    at_worst,
    dimension_value,
    quality,
    tallied,
)
from scorecards.model import DimensionScore, Score, Standing
from scorecards.words import counted

_NO_CAP: Final = 100.0
_CRITICAL_CAP: Final = 49.0
_DROPPED_CAP: Final = 79.0
DROPPED_FOR: Final = timedelta(days=28)


def score(standing: Sequence[Standing], now: datetime) -> Score:
    """Compute the score of a product from the newest verdicts of all its clauses.

    ``scorecards.dimensions`` holds the formulas of S, S_low and S_high, ``scorecards.assurance``
    those of k and E. Two caps hold on all three: 49 while a critical clause fails, 79 for 28 days
    after a version dropped a failing clause. S_low, which takes the unknown as failed, is capped
    at 49 as well when a critical clause has no verdict that still counts (k = 0).

    Args:
        standing: Executable clauses in any order, and those dropped while failing.
        now: The moment to look at, UTC. Time alone never raises assurance.

    Source:
        Assay's own model, version ``scorecards.model.MODEL``.
    """
    clauses = [clause for clause in standing if clause.dropped_at is None]
    return score_of(backed(clauses, now), dropped_while_failing(standing, now))


def score_of(held: Sequence[Backed], dropped: int) -> Score:
    """Compute the score of clauses with their k, and so many dropped while failing."""
    clauses = [clause for clause, _ in held]
    failing = [clause for clause in clauses if clause.good is False]
    tallies = tallied(held)
    criticals = _criticals(failing)
    unknown = _criticals([clause for clause, k in held if not k])
    cap = _cap(criticals, dropped)
    uncapped, best = quality(tallies, as_known), quality(tallies, at_best)
    return Score(
        quality=_at_most(uncapped, cap),
        low=_at_most(quality(tallies, at_worst), _cap(criticals + unknown, dropped)),
        high=_at_most(best, cap),
        uncapped=uncapped,
        cap=_why(criticals, dropped) if _lowers(cap, uncapped, best) else "",
        assurance=assurance(held),
        dimensions=tuple(_dimension(dimension, clauses, tallies) for dimension in Dimension),
        clauses=len(clauses),
        failing=len(failing),
        lost=_lost(failing, tallies, dropped),
    )


def quality_of(held: Sequence[Backed], dropped: int) -> float | None:
    """Return S alone, after the cap, of clauses with their k and so many dropped while failing."""
    criticals = _criticals([clause for clause, _ in held if clause.good is False])
    return _at_most(quality(tallied(held), as_known), _cap(criticals, dropped))


def dropped_while_failing(standing: Sequence[Standing], now: datetime) -> int:
    """Count the clauses that a version dropped while they failed, less than 28 days before."""
    moments = [clause.dropped_at for clause in standing if clause.dropped_at is not None]
    return sum(1 for moment in moments if now - moment < DROPPED_FOR)


def _lowers(cap: float, uncapped: float | None, best: float | None) -> bool:
    """Whether the cap takes anything from the score, or from the best it could be if unknown."""
    reached = best if uncapped is None else uncapped
    return reached is not None and reached > cap


def _criticals(clauses: Sequence[Standing]) -> int:
    return sum(1 for clause in clauses if clause.severity is Severity.CRITICAL)


def _cap(criticals: int, dropped: int) -> float:
    if criticals:
        return _CRITICAL_CAP
    return _DROPPED_CAP if dropped else _NO_CAP


def _why(criticals: int, dropped: int) -> str:
    verb = "is" if criticals == 1 else "are"
    failing = f"{counted(criticals, 'critical clause')} {verb} failing" if criticals else ""
    gone = f"{counted(dropped, 'clause')} dropped while failing" if dropped else ""
    return "; ".join(part for part in (failing, gone) if part)


def _at_most(value: float | None, cap: float) -> float | None:
    return None if value is None else min(value, cap)


def _dimension(
    dimension: Dimension, clauses: Sequence[Standing], tallies: Tallies
) -> DimensionScore:
    own = [clause for clause in clauses if clause.dimension is dimension]
    value = dimension_value(tallies, dimension, as_known)
    return DimensionScore(
        dimension=dimension,
        value=None if value is None else 100 * value,
        clauses=len(own),
        failing=sum(1 for clause in own if clause.good is False),
    )


def _lost(failing: Sequence[Standing], tallies: Tallies, dropped: int) -> Mapping[str, float]:
    """Return S with each failing clause passing, less S; clauses of one class lose the same."""
    criticals = _criticals(failing)
    now = _at_most(quality(tallies, as_known), _cap(criticals, dropped)) or 0.0
    losses: dict[tuple[Dimension, Severity], float] = {}
    for place in {(clause.dimension, clause.severity) for clause in failing}:
        left = criticals - (place[1] is Severity.CRITICAL)
        fixed = {**tallies, place: tallies[place].fixed()} if place in tallies else tallies
        then = _at_most(quality(fixed, as_known), _cap(left, dropped)) or 0.0
        losses[place] = max(0.0, then - now)
    return {clause.key: losses[clause.dimension, clause.severity] for clause in failing}
