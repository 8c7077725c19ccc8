"""Instants and stretches of time for people. All instants are shown in UTC."""

from datetime import UTC, datetime
from typing import Final

_UNITS: Final = ((86400, "d"), (3600, "h"), (60, "min"))


def instant(at: datetime) -> str:
    """Return ``2026-11-20 09:41:00 UTC``."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def every(seconds: float) -> str:
    """Return the length of an interval in its largest whole unit, such as ``5 s`` or ``10 min``."""
    for size, unit in _UNITS:
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"
