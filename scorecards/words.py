"""Numbers of a score as people read them."""

import math

from scorecards.model import Score

_SLACK = 1e-9  # what binary fractions lose below a decimal


def counted(number: int, noun: str) -> str:
    """Return such as ``1 clause`` and ``3 clauses``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def points(value: float) -> str:
    """Return a score of 0..100 with at most one decimal, never rounded up: 89.96 is ``89.9``."""
    return f"{math.floor(value * 10 + _SLACK) / 10:g}"


def capped(score: Score) -> str:
    """Return such as ``capped, would be 91``; empty when no cap lowers the score."""
    if not score.cap or score.uncapped is None:
        return ""
    return f"capped, would be {points(score.uncapped)}"
