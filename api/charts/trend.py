"""Scores over time -> a line with its gaps, and what happened along it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from api.charts.scale import Scale, Tick
from contracts.record import Version
from incidents.model import Incident
from scorecards.line import Snapshot
from scorecards.words import points

_BUCKETS: Final = 240
_SHORTEST: Final = timedelta(minutes=5)
_APART: Final = 52.0  # user units that the label of a version needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An incident on the line of a trend."""

    x: float
    y: float
    incident: Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A version of a contract that began. ``label`` is empty where there is no room for it."""

    x: float
    label: str
    version: Version


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
    changes: tuple[Change, ...]
    bottom: int
    since: datetime
    last: tuple[float, float] | None
    spoken: str


@dataclass(frozen=True, slots=True)
class _Step:
    """A score that stood from ``start`` to ``end``."""

    start: datetime
    end: datetime
    value: float


def trend(
    history: Sequence[Snapshot],
    incidents: Sequence[Incident],
    now: datetime,
    versions: Sequence[Version] = (),
) -> Trend | None:
    """Return the line of the scores in ``history`` up to ``now``; None where there is none.

    Args:
        history: Scores, oldest first; of thousands, the worst of each stretch is drawn.
        incidents: Marked where they began, if that is within the time shown.
        now: The right edge, UTC.
        versions: Marked where they were published, if that is within the time shown.
    """
    measured = [row.quality for row in history if row.quality is not None]
    if not measured:
        return None
    since = min(history[0].at, now - _SHORTEST)
    scale = Scale(since, now, min(80.0, math.floor(min(measured) / 10) * 10))
    steps = _stretches(_thinned(history, scale), now)
    stretches = [_corners(stretch, scale) for stretch in steps]
    newest = history[-1].quality
    return Trend(
        lines=tuple(_line(corners) for corners in stretches),
        areas=tuple(_area(corners, scale) for corners in stretches),
        grid=scale.grid(),
        ticks=scale.ticks(),
        marks=_marks(steps, incidents, scale),
        changes=_changes(versions, scale),
        bottom=scale.bottom,
        since=since,
        last=None if newest is None else (scale.x(now), scale.y(newest)),
        spoken=_spoken(measured, newest, since),
    )


def _spoken(measured: Sequence[float], newest: float | None, since: datetime) -> str:
    told = "not measured now" if newest is None else f"now {points(newest)}"
    return (
        f"Quality score since {since:%d %B %Y, %H:%M} UTC: between {points(min(measured))} "
        f"and {points(max(measured))}, {told}"
    )


def _thinned(history: Sequence[Snapshot], scale: Scale) -> list[Snapshot]:
    """Return at most about ``2 * _BUCKETS`` scores: of each stretch of time the worst, the last."""
    buckets: dict[int, list[Snapshot]] = {}
    span = (scale.now - scale.since) / _BUCKETS
    for row in history:
        buckets.setdefault(int((row.at - scale.since) / span), []).append(row)
    kept: list[Snapshot] = []
    for rows in buckets.values():
        worst = min(rows, key=lambda row: -1.0 if row.quality is None else row.quality)
        kept.extend((worst,) if worst is rows[-1] else (worst, rows[-1]))
    return kept


def _stretches(rows: Sequence[Snapshot], now: datetime) -> list[list[_Step]]:
    """Part the scores at gaps; each stands until the next one, the last until now."""
    stretches: list[list[_Step]] = [[]]
    ends = [row.at for row in rows[1:]] + [now]
    for row, end in zip(rows, ends, strict=True):
        if row.quality is None:
            stretches.append([])
            continue
        stretches[-1].append(_Step(row.at, end, row.quality))
    return [stretch for stretch in stretches if stretch]


def _corners(stretch: Sequence[_Step], scale: Scale) -> list[tuple[float, float]]:
    corners = [
        (scale.x(at), scale.y(step.value)) for step in stretch for at in (step.start, step.end)
    ]
    return _without_middles(corners)


def _without_middles(corners: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Leave out corners that lie on a level line between their neighbours."""
    kept = corners[:1]
    for (x, y), (_, following) in pairwise(corners[1:]):
        if not kept[-1][1] == y == following:
            kept.append((x, y))
    return [*kept, corners[-1]]


def _line(corners: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in corners)


def _area(corners: Sequence[tuple[float, float]], scale: Scale) -> str:
    (start, _), (end, _) = corners[0], corners[-1]
    return f"{_line(corners)}L{end:g} {scale.bottom}L{start:g} {scale.bottom}Z"


def _marks(
    stretches: Sequence[Sequence[_Step]], incidents: Sequence[Incident], scale: Scale
) -> tuple[Mark, ...]:
    """Return the incidents in sight, each on the line as drawn at its own moment."""
    return tuple(
        Mark(x=scale.x(at), y=scale.y(_level(stretches, at, scale.floor)), incident=incident)
        for incident in incidents
        if scale.shows(at := incident.opened_at)
    )


def _level(stretches: Sequence[Sequence[_Step]], at: datetime, floor: float) -> float:
    """Return the score that stood at an instant; ``floor`` where none was measured."""
    steps = [step for stretch in stretches for step in stretch if step.start <= at <= step.end]
    return steps[-1].value if steps else floor


def _changes(versions: Sequence[Version], scale: Scale) -> tuple[Change, ...]:
    found: list[Change] = []
    free = 0.0
    for version in sorted(versions, key=lambda version: version.published_at):
        if not scale.shows(version.published_at):
            continue
        x = scale.x(version.published_at)
        found.append(Change(x=x, label=version.version[:8] if x >= free else "", version=version))
        free = max(free, x + _APART) if x >= free else free
    return tuple(found)
