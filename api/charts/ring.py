"""A score as a ring, with a band where it is uncertain."""

import math
from dataclasses import dataclass
from typing import Final

RADIUS: Final = 84.0
BAND_RADIUS: Final = 95.5  # just around the ring
_VISIBLE: Final = 1.0  # points, below which a band cannot be seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """A piece of a ring, as ``stroke-dasharray`` and ``stroke-dashoffset``."""

    length: float
    start: float
    around: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A score as a ring. ``band``, just around it, spans what is unknown, if anything."""

    arc: Arc | None
    band: Arc | None


def ring(value: float | None, low: float | None, high: float | None) -> Ring:
    """Return the ring of a score; each number is 0..100, None where it is not measured."""
    if value is None or low is None or high is None:
        return Ring(arc=None, band=None)
    band = _arc(low, high, BAND_RADIUS) if high - low >= _VISIBLE else None
    return Ring(arc=_arc(0.0, value, RADIUS), band=band)


def _arc(start: float, end: float, radius: float) -> Arc:
    around = 2 * math.pi * radius
    return Arc(
        length=round(around * (end - start) / 100, 1),
        start=round(-around * start / 100, 1),
        around=round(around, 1),
    )
