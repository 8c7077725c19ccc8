"""Standing -> mark: what is kept of a score, so that lists can be ordered without computing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scorecards.assurance import proven_until
from scorecards.model import Score, Standing
from scorecards.score import score


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How a product stood when something about it changed last.

    Attributes:
        proven_until: From when on assurance is below 0.8, if nothing is judged any more, UTC; None:
            never. Before it, assurance is at least 0.8.
        blocking: Failing clauses whose failure opens an incident.
    """

    score: Score
    proven_until: datetime | None
    blocking: int


def mark(standing: Sequence[Standing], now: datetime) -> Mark:
    """Compute the mark of a product; ``standing`` as for ``scorecards.score``, ``now`` UTC."""
    promised = [clause for clause in standing if clause.dropped_at is None]
    failing = [clause for clause in promised if clause.good is False]
    return Mark(
        score=score(standing, now),
        proven_until=proven_until(promised, now),
        blocking=sum(clause.severity.blocking for clause in failing),
    )
