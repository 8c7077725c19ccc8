"""When a timetable ticks, and what a schedule does when it is looked at.

An interval ticks at ``anchor + k * every`` for k = 0, 1, 2 ...; a cron line when it says so,
see ``runs.cron``. All times are UTC.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import Final

from contracts.timetable import Timetable
from runs import cron
from runs.errors import InvalidTimetable
from runs.model import Interval

MOST_COUNTED: Final = 1000
_SHORTEST: Final = timedelta(seconds=1)
_JITTER: Final = timedelta(seconds=60)
_GRACE: Final = timedelta(minutes=1)
_NONE: Final = timedelta(0)
_CATCH_UP: Final = re.compile(r"catch_up:([1-9][0-9]{0,2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The answer to one look at a schedule.

    ``skip`` fires the newest instant only while it is fresh, within the jitter and a minute of
    grace; ``run_once`` fires the newest, fresh or not; ``catch_up:n`` fires the newest n. All
    others that went by are missed.

    Attributes:
        fire: Instants to run now, oldest first; over all looks none is named twice.
        missed: Instants that went by and never get a run; counting stops at ``MOST_COUNTED``.
        missed_since: The first of the missed; None when there are none. ``missed_until``: the last.
        next: The schedule's next nominal instant; together with its delay it lies after now.
    """

    fire: tuple[datetime, ...]
    missed: int
    missed_since: datetime | None
    missed_until: datetime | None
    next: datetime


def next_instant(timetable: Timetable, *, after: datetime, anchor: datetime) -> datetime:
    """Return the first instant strictly after ``after``.

    Raises:
        InvalidTimetable: the timetable names no instant.
    """
    if timetable.cron is not None:
        return cron.following(timetable, after=after)
    every = _length(timetable)
    return anchor + max(0, (after - anchor) // every + 1) * every


def instants_between(
    timetable: Timetable, *, anchor: datetime, start: datetime, end: datetime, at_most: int
) -> int:
    """Count the instants in (start, end], up to ``at_most``, however far the two lie apart.

    Raises:
        InvalidTimetable: the timetable names no instant.
    """
    if end <= start:
        return 0
    if timetable.cron is not None:
        instants = islice(cron.coming(timetable, after=start), at_most)
        return sum(1 for _ in takewhile(lambda instant: instant <= end, instants))
    every = _length(timetable)
    before, now = (max(-1, (moment - anchor) // every) for moment in (start, end))
    return min(at_most, now - before)


def interval_of(timetable: Timetable, *, instant: datetime, anchor: datetime) -> Interval:
    """Return the data interval of a run at ``instant``: (the instant before it, ``instant``].

    The grid of an interval is thought to reach back behind ``anchor``.

    Raises:
        InvalidTimetable: the timetable names no instant.
    """
    if timetable.cron is not None:
        return Interval(start=cron.preceding(timetable, instant), end=instant)
    every = _length(timetable)
    return Interval(start=anchor - ((anchor - instant) // every + 1) * every, end=instant)


def jitter(timetable: Timetable, key: str) -> timedelta:
    """Return how long after each instant the schedule ``key`` fires, so that not all fire at once.

    Returns:
        A stretch in [0, timetable.jitter], the same for the same key; up to 60 s when the timetable
        says nothing, and never more than a tenth of an interval.
    """
    spread = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) / 2**64
    return _widest_jitter(timetable) * spread


def due(
    timetable: Timetable,
    *,
    instant: datetime,
    anchor: datetime,
    now: datetime,
    delay: timedelta = _NONE,
) -> Due:
    """Decide what a schedule does at ``now``. The work is bounded, even after years of sleep.

    Args:
        timetable: When the contract wants to be judged.
        instant: The stored next nominal instant; fires even if no longer in the timetable.
        anchor: Where intervals are counted from.
        now: The moment of the look.
        delay: The schedule's jitter: an instant is due once it is this old.

    Raises:
        InvalidTimetable: the timetable names no instant, or its policy is unknown.
    """
    most = _most_at_once(timetable)
    horizon = now - delay
    if instant > horizon:
        return _nothing(instant)
    following = next_instant(timetable, after=instant, anchor=anchor)
    passed_by: tuple[datetime, ...] = (instant,)
    passed = 1
    if following <= horizon:
        passed_by += _latest(timetable, anchor=anchor, after=instant, until=horizon, most=most + 1)
        passed = _passed(timetable, anchor=anchor, start=instant, end=horizon)
        following = next_instant(timetable, after=horizon, anchor=anchor)
    fire = () if _stale(timetable, passed_by[-1], now) else passed_by[-most:]
    missed = min(MOST_COUNTED, passed - len(fire))
    return Due(
        fire=fire,
        missed=missed,
        missed_since=instant if missed else None,
        missed_until=passed_by[-len(fire) - 1] if missed else None,
        next=following,
    )


def _nothing(instant: datetime) -> Due:
    return Due(fire=(), missed=0, missed_since=None, missed_until=None, next=instant)


def _stale(timetable: Timetable, newest: datetime, now: datetime) -> bool:
    """Whether the policy lets even the newest instant go, since it is no longer fresh."""
    return timetable.missed == "skip" and now - newest > _widest_jitter(timetable) + _GRACE


def _passed(timetable: Timetable, *, anchor: datetime, start: datetime, end: datetime) -> int:
    """Count ``start`` and the instants behind it, up to ``MOST_COUNTED`` of them."""
    return 1 + instants_between(
        timetable, anchor=anchor, start=start, end=end, at_most=MOST_COUNTED
    )


def _latest(
    timetable: Timetable, *, anchor: datetime, after: datetime, until: datetime, most: int
) -> tuple[datetime, ...]:
    """Return the last ``most`` instants in (after, until], oldest first."""
    if timetable.cron is not None:
        return cron.latest(timetable, until=until, most=most, after=after)
    every = _length(timetable)
    last = (until - anchor) // every
    first = max(0, (after - anchor) // every + 1, last - most + 1)
    return tuple(anchor + tick * every for tick in range(first, last + 1))


def _length(timetable: Timetable) -> timedelta:
    if timetable.every is None or timetable.every < _SHORTEST:
        raise InvalidTimetable(timetable, "an interval lasts at least 1 s")
    return timetable.every


def _widest_jitter(timetable: Timetable) -> timedelta:
    widest = _JITTER if timetable.jitter is None else timedelta(seconds=timetable.jitter)
    return widest if timetable.every is None else min(widest, timetable.every / 10)


def _most_at_once(timetable: Timetable) -> int:
    """Return the most instants that one look may fire."""
    if timetable.missed in {"skip", "run_once"}:
        return 1
    catch_up = _CATCH_UP.fullmatch(timetable.missed)
    if catch_up is None:
        raise InvalidTimetable(
            timetable,
            f"unknown policy {timetable.missed!r} for missed instants; "
            "known: skip, run_once, catch_up:n with n from 1 to 999",
        )
    return int(catch_up[1])
