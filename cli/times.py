"""Instants and stretches of time for people. All instants are shown in UTC."""

from datetime import UTC, datetime
from typing import Final

_UNITS: Final = ((86400, "d"), (3600, "h"), (60, "min"))
_FEW: Final = 10  # seconds below which tenths are shown


def instant(at: datetime) -> str:
    """Return ``2026-11-20 09:41:00 UTC``."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def every(seconds: float) -> str:
    """Return the length of an interval in its largest whole unit, such as ``5 s`` or ``10 min``."""
    for size, unit in _UNITS:
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"


def lasting(seconds: float) -> str:
    """Return how long something goes on already, such as ``3.2 s``, ``47 s`` or ``2 min 5 s``."""
    if seconds < _FEW:
        return f"{max(0.0, seconds):.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:,} min {rest} s" if minutes else f"{rest} s"


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago ``at`` was, in its largest unit, such as ``3 h``; ``now`` below 1 min."""
    seconds = (now - at).total_seconds()
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{int(seconds // size):,} {unit}"
    return "now"
