"""Time and score -> places in a box, and the labels along its edges."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

WIDTH: Final = 900
HEIGHT: Final = 250
LEFT: Final = 40
RIGHT: Final = 14
_TOP, _BOTTOM = 26, 32
_TICKS: Final = 6
_STEPS: Final = ((80, 5), (50, 10), (0, 25))  # from which floor on, lines how far apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A label on an axis, and where."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A box of ``WIDTH`` x ``HEIGHT`` user units: ``since`` to ``now``, ``floor`` to 100 points."""

    since: datetime
    now: datetime
    floor: float

    def x(self, at: datetime) -> float:
        """Return where an instant lies; those outside lie on the edge."""
        share = (at - self.since) / (self.now - self.since)
        return round(LEFT + (WIDTH - LEFT - RIGHT) * min(max(share, 0.0), 1.0), 1)

    def y(self, value: float) -> float:
        """Return where a score of 0..100 lies; those below the floor lie on it."""
        share = (100.0 - value) / (100.0 - self.floor)
        return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * min(max(share, 0.0), 1.0), 1)

    @property
    def bottom(self) -> int:
        """Where the floor lies."""
        return HEIGHT - _BOTTOM

    def shows(self, at: datetime) -> bool:
        """Whether an instant lies inside."""
        return self.since <= at <= self.now

    def grid(self) -> tuple[Tick, ...]:
        """Return lines of equal score, from 100 down."""
        step = next(step for floor, step in _STEPS if self.floor >= floor)
        values = range(100, int(self.floor) - 1, -step)
        return tuple(Tick(at=self.y(value), label=str(value)) for value in values)

    def ticks(self) -> tuple[Tick, ...]:
        """Return instants along the lower edge, said as finely as they must be."""
        span = self.now - self.since
        form = _form(span)
        moments = [self.since + span * place / _TICKS for place in range(_TICKS)]
        return tuple(Tick(at=self.x(at), label=at.strftime(form)) for at in moments)


def _form(span: timedelta) -> str:
    if span > timedelta(days=3):
        return "%-d %b"
    if span > timedelta(hours=12):
        return "%-d %b %H:%M"
    return "%H:%M" if span > timedelta(minutes=20) else "%H:%M:%S"
