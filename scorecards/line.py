"""Lines of a card: each clause and what is known of it, what nobody could judge, past scores."""

from dataclasses import dataclass
from datetime import datetime

from checks.model import Finding, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A clause of a product's current versions with its newest answer.

    Attributes:
        result: The clause and its newest finding; before the first run the outcome is skipped
            with the reason ``never run``.
        contract_id: The contract that promises it.
        run_id: The run that gave the newest answer; None before the first.
        known_at: When that answer became known, UTC; None before the first.
        good: The newest verdict, which outlives errored and skipped runs; None without one.
        judged_at: When that verdict became known, UTC.
    """

    result: Result
    contract_id: str
    run_id: int | None = None
    known_at: datetime | None = None
    good: bool | None = None
    judged_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was known of a clause at some moment: its newest answer, and its newest verdict.

    Attributes:
        run_id: The run that gave the answer.
        known_at: When the answer became known, UTC.
        good: The verdict, which outlives errored and skipped runs; None without one.
        judged_at: When the verdict became known, UTC.
    """

    finding: Finding
    segment: str
    run_id: int
    known_at: datetime
    good: bool | None
    judged_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When the answer of a clause became another, UTC, and by which run."""

    at: datetime
    run_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A score as it was stored: at the end of a run, or a day after the one before.

    ``at`` is UTC, ``run_id`` the newest run that counted; numbers as in ``Score``.
    """

    at: datetime
    run_id: int
    quality: float | None
    low: float | None
    high: float | None
    assurance: float
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjudged:
    """What of a product nobody could judge when it was last tried; all 0 where all could be.

    Attributes:
        errored: Clauses of current versions whose newest answer errored.
        blocking: Those of them whose failure opens an incident.
        lost: Contracts whose newest ended run was lost, and so gave no answer at all.
    """

    errored: int = 0
    blocking: int = 0
    lost: int = 0

    @property
    def serious(self) -> bool:
        """Whether the score must not be shown as if all that matters had been judged."""
        return bool(self.blocking or self.lost)
