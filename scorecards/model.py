"""What a score is made of, and the score itself. Plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contracts.timetable import Timetable
from contracts.values import Dimension, Severity

MODEL: Final = "1"  # version of the arithmetic, stored with every snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The newest verdict of one executable clause.

    Attributes:
        key: The clause's identity.
        good: True passed, False failed, None never judged. Errored and skipped runs leave it as is.
        judged_at: When the verdict became known, UTC; None when never judged.
        timetable: The schedule by which it is judged; None: the default of 24 h.
        anchor: Start of the schedule's intervals, UTC; None without a timetable.
        dropped_at: When a new version dropped the clause while it was failing, UTC; None otherwise.
            A dropped clause is no part of the score but caps it.
    """

    key: str
    severity: Severity
    dimension: Dimension
    good: bool | None = None
    judged_at: datetime | None = None
    timetable: Timetable | None = None
    anchor: datetime | None = None
    dropped_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionScore:
    """One dimension. ``value`` is 0..100; None when it is not measured."""

    dimension: Dimension
    value: float | None
    clauses: int
    failing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Quality and assurance of a product at one moment; never blended.

    Attributes:
        quality: S, 0..100, after the cap; None when nothing is measured.
        low: S with what is unknown taken as failed, after the cap; gates and badges use it.
        high: S with what is unknown taken as passed, after the cap.
        uncapped: S before the cap; equal to ``quality`` when no cap holds.
        cap: Why the score is capped, in words; empty when it is not.
        assurance: E, 0..1: the share of the promise that a recent verdict backs.
        clauses: Executable clauses.
        failing: Clauses whose newest verdict is a failure.
        lost: Points that the score would gain were this clause passing, by key; failing ones only.
    """

    quality: float | None
    low: float | None
    high: float | None
    uncapped: float | None
    cap: str
    assurance: float
    dimensions: tuple[DimensionScore, ...]
    clauses: int
    failing: int
    lost: Mapping[str, float]
    model: str = MODEL
