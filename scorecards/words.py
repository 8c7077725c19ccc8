"""Numbers of a score as people read them."""

import math

from scorecards.model import Score

_SLACK = 1e-9  # what binary fractions lose below a decimal


def counted(number: int, noun: str) -> str:
    """Return such as ``1 clause`` and ``3 clauses``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def promised(description: str, threshold: str) -> str:
    """Return such as ``Each order is paid once (exactly 0)``, on one line; either may be empty."""
    said = " ".join(description.split()).rstrip(".")
    return f"{said} ({threshold})" if said and threshold not in {"", said} else said or threshold


def floored(value: float, digits: int) -> float:
    """Return ``value`` with that many decimals, never rounded up: 0.9996 with 3 is 0.999."""
    unit: int = 10**digits
    return math.floor(value * unit + _SLACK) / unit


def points(value: float) -> str:
    """Return a score of 0..100 with at most one decimal, never rounded up: 89.96 is ``89.9``."""
    return f"{floored(value, 1):g}"


def lost(value: float) -> str:
    """Return points that are taken away, as `points`; empty where they are less than a decimal."""
    told = points(value)
    return "" if told == "0" else told


def moved(value: float | None) -> str:
    """Return points with their sign: ``-8.2`` for -8.27; empty where there are none to speak of."""
    told = "" if value is None else lost(abs(value))
    return f"{'-' if (value or 0) < 0 else '+'}{told}" if told else ""


def percent(share: float) -> str:
    """Return a share of 0..1 in whole per cent, never rounded up: 0.999 is ``99 %``."""
    return f"{math.floor(share * 100 + _SLACK)} %"


def capped(score: Score) -> str:
    """Return such as ``capped, would be 91``; empty when no cap lowers the score."""
    if not score.cap or score.uncapped is None:
        return ""
    return f"capped, would be {points(score.uncapped)}"
