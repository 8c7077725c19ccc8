"""Scores -> geometry. Templates draw it as SVG, where all text is escaped like any other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from incidents.model import Incident
from scorecards.line import Snapshot
from scorecards.words import points

WIDTH: Final = 900
HEIGHT: Final = 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 14, 16, 32
_BUCKETS: Final = 240
_SHORTEST: Final = timedelta(minutes=5)
_TICKS: Final = 6
_STEPS: Final = ((80, 5), (50, 10), (0, 25))  # from which floor on, lines how far apart
_RADIUS: Final = 85.0
_VISIBLE: Final = 1.0  # points, below which a band cannot be seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """A piece of a ring, as ``stroke-dasharray`` and ``stroke-dashoffset``."""

    length: float
    start: float
    around: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A score as a ring of ``radius`` user units. ``band`` spans what is unknown, if anything."""

    radius: float
    arc: Arc | None
    band: Arc | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A label on an axis, and where."""

    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An incident on the line of a trend."""

    x: float
    y: float
    incident: Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A line of scores over time, in a box of ``WIDTH`` x ``HEIGHT`` user units.

    Attributes:
        lines: One path for each stretch without a gap; a gap is where nothing was measured.
        areas: The same, closed down to the axis.
        since: Start of the time shown, UTC.
        last: Where the newest score stands; None when nothing is measured now.
        spoken: The whole in one sentence.
    """

    lines: tuple[str, ...]
    areas: tuple[str, ...]
    grid: tuple[Tick, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    since: datetime
    last: tuple[float, float] | None
    spoken: str


@dataclass(frozen=True, slots=True)
class _Scale:
    since: datetime
    now: datetime
    floor: float

    def x(self, at: datetime) -> float:
        share = (at - self.since) / (self.now - self.since)
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * min(max(share, 0.0), 1.0), 1)

    def y(self, value: float) -> float:
        share = (100.0 - value) / (100.0 - self.floor)
        return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * min(max(share, 0.0), 1.0), 1)


def ring(value: float | None, low: float | None, high: float | None) -> Ring:
    """Return the ring of a score; each number is 0..100, None where it is not measured."""
    if value is None or low is None or high is None:
        return Ring(radius=_RADIUS, arc=None, band=None)
    band = _arc(low, high) if high - low >= _VISIBLE else None
    return Ring(radius=_RADIUS, arc=_arc(0.0, value), band=band)


def trend(
    history: Sequence[Snapshot], incidents: Sequence[Incident], now: datetime
) -> Trend | None:
    """Return the line of the scores in ``history`` up to ``now``; None where there is none.

    Args:
        history: Scores, oldest first; of thousands, the worst of each stretch is drawn.
        incidents: Marked where they began, if that is within the time shown.
        now: The right edge, UTC.
    """
    measured = [row.quality for row in history if row.quality is not None]
    if not measured:
        return None
    since = min(history[0].at, now - _SHORTEST)
    scale = _Scale(since, now, min(80.0, math.floor(min(measured) / 10) * 10))
    stretches = _stretches(_thinned(history, scale), now)
    newest = history[-1].quality
    return Trend(
        lines=tuple(_line(stretch, scale) for stretch in stretches),
        areas=tuple(_area(stretch, scale) for stretch in stretches),
        grid=_grid(scale),
        ticks=_ticks(scale),
        marks=tuple(_marks(history, incidents, scale)),
        since=since,
        last=None if newest is None else (scale.x(now), scale.y(newest)),
        spoken=(
            f"Quality score since {since:%d %B %Y, %H:%M} UTC: between {points(min(measured))} "
            f"and {points(max(measured))}, "
            + ("not measured now" if newest is None else f"now {points(newest)}")
        ),
    )


def _arc(start: float, end: float) -> Arc:
    around = 2 * math.pi * _RADIUS
    return Arc(
        length=round(around * (end - start) / 100, 1),
        start=round(-around * start / 100, 1),
        around=round(around, 1),
    )


Point = tuple[datetime, float | None]


def _thinned(history: Sequence[Snapshot], scale: _Scale) -> list[Point]:
    """Keep the worst and the newest score of each of ``_BUCKETS`` equal stretches of time."""
    buckets: dict[int, list[Snapshot]] = {}
    width = (scale.now - scale.since) / _BUCKETS
    for row in history:
        buckets.setdefault(int((row.at - scale.since) / width), []).append(row)
    kept: list[Snapshot] = []
    for rows in buckets.values():
        worst = min(rows, key=lambda row: -1.0 if row.quality is None else row.quality)
        kept.extend((worst,) if worst is rows[-1] else (worst, rows[-1]))
    return [(row.at, row.quality) for row in kept]


def _stretches(found: list[Point], now: datetime) -> list[list[tuple[datetime, float]]]:
    """Part the points at gaps; every stretch goes on until the next score, the last until now."""
    stretches: list[list[tuple[datetime, float]]] = [[]]
    for (at, value), (until, _) in pairwise([*found, (now, None)]):
        if value is None:
            stretches.append([])
        else:
            stretches[-1] += [(at, value), (until, value)]
    return [stretch for stretch in stretches if stretch]


def _line(stretch: list[tuple[datetime, float]], scale: _Scale) -> str:
    return "M" + "L".join(f"{scale.x(at)} {scale.y(value)}" for at, value in stretch)


def _area(stretch: list[tuple[datetime, float]], scale: _Scale) -> str:
    floor = HEIGHT - _BOTTOM
    start, end = scale.x(stretch[0][0]), scale.x(stretch[-1][0])
    return f"{_line(stretch, scale)}L{end} {floor}L{start} {floor}Z"


def _grid(scale: _Scale) -> tuple[Tick, ...]:
    step = next(step for floor, step in _STEPS if scale.floor >= floor)
    values = range(100, int(scale.floor) - 1, -step)
    return tuple(Tick(at=scale.y(value), label=str(value)) for value in values)


def _ticks(scale: _Scale) -> tuple[Tick, ...]:
    span = scale.now - scale.since
    if span > timedelta(days=3):
        form = "%-d %b"
    elif span > timedelta(hours=12):
        form = "%-d %b %H:%M"
    else:
        form = "%H:%M" if span > timedelta(minutes=20) else "%H:%M:%S"
    moments = [scale.since + span * place / _TICKS for place in range(_TICKS + 1)]
    return tuple(Tick(at=scale.x(at), label=at.strftime(form)) for at in moments[:-1])


def _marks(history: Sequence[Snapshot], incidents: Sequence[Incident], scale: _Scale) -> list[Mark]:
    marks = []
    for incident in incidents:
        if not scale.since <= incident.opened_at <= scale.now:
            continue
        known = [row.quality for row in history if row.at <= incident.opened_at]
        known += [row.quality for row in history if row.at > incident.opened_at][:1]
        values = [value for value in known[-2:] if value is not None]
        level = min(values, default=scale.floor)
        marks.append(Mark(x=scale.x(incident.opened_at), y=scale.y(level), incident=incident))
    return marks
