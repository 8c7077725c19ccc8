"""Scores of the past -> what changed, and the figures behind the line of a trend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scorecards.line import Snapshot
from scorecards.words import moved, points

_MONTH: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How far a score moved. ``points`` has a sign; ``since`` is where it is counted from, UTC."""

    points: float
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A score that differed from the one before; ``moved`` is by how much, None where unknown."""

    snapshot: Snapshot
    moved: float | None


def shift(history: Sequence[Snapshot], value: float | None, now: datetime) -> Shift | None:
    """Return how far ``value`` lies from the score of 30 days ago, or from the first one since.

    Args:
        history: Scores, oldest first.
        value: The score now, 0..100; None where it is not measured.
        now: UTC.
    """
    if value is None:
        return None
    measured = [row for row in history if row.quality is not None]
    before = [row for row in measured if row.at <= now - _MONTH]
    base = before[-1] if before else next(iter(measured), None)
    if base is None or base.quality is None or base is measured[-1]:
        return None
    since = max(base.at, now - _MONTH)
    return Shift(points=_worth(value - base.quality), since=since)


def figures(history: Sequence[Snapshot], limit: int) -> tuple[Figure, ...]:
    """Return at most ``limit`` scores that differed from the one before, newest first."""
    found: list[Figure] = []
    before: Snapshot | None = None
    for row in history:
        if before is None or _told(row) != _told(before):
            found.append(Figure(snapshot=row, moved=_moved(before, row)))
        before = row
    return tuple(reversed(found[-limit:]))


def _told(row: Snapshot) -> tuple[str | float | None, ...]:
    shown = (row.quality, row.low, row.high)
    return (*(None if value is None else points(value) for value in shown), row.assurance)


def _moved(before: Snapshot | None, row: Snapshot) -> float | None:
    if before is None or before.quality is None or row.quality is None:
        return None
    return _worth(row.quality - before.quality)


def _worth(change: float) -> float:
    """Return points that a score moved; 0 where they are too few to be shown."""
    return change if moved(change) else 0.0
