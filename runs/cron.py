"""The instants that a cron line names, read in its own time zone.

At a change of clocks a line that names hours keeps its one firing a day: an hour that is left
out fires at the first instant behind the gap, an hour that comes twice fires the first time. A line
with a ``*`` in the hours or minutes follows elapsed time instead: it fires in both of two equal
hours, and not in one that is left out. That is what Debian's cron does. (Where clocks move by half
an hour, which is Lord Howe Island alone, a line with one hour and ``*`` minutes may begin late that
night.)
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import takewhile
from typing import Final
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from contracts.timetable import Timetable
from runs.errors import InvalidTimetable

_HOUR: Final = timedelta(hours=1)
_TICK: Final = timedelta(microseconds=1)
_LONGEST: Final = timedelta(days=60 * 366)  # beyond the gap of any line, 40 years


def coming(timetable: Timetable, *, after: datetime) -> Iterator[datetime]:
    """Yield the instants strictly after ``after``, soonest first. All times are UTC.

    Raises:
        InvalidTimetable: the line or its zone is nonsense, or names no instant for 50 years.
    """
    try:
        local = CronSim(timetable.cron or "", after.astimezone(_zone(timetable)))
    except CronSimError as cause:
        raise InvalidTimetable(timetable, str(cause)) from cause
    for moment in local:
        instant = moment.astimezone(UTC)
        if instant > after:  # in the second of two equal hours, cronsim answers with the first
            yield instant
    raise InvalidTimetable(timetable, "it names no instant in 50 years")


def following(timetable: Timetable, *, after: datetime) -> datetime:
    """Return the first instant strictly after ``after``; quick where many schedules ask alike.

    Raises:
        InvalidTimetable: as for ``coming``.
    """
    return _following(timetable, after.replace(second=0, microsecond=0))


@lru_cache(maxsize=8192)
def _following(timetable: Timetable, minute: datetime) -> datetime:
    # Lines name whole minutes, so that whatever is behind a minute is behind all of it.
    return next(coming(timetable, after=minute))


@lru_cache(maxsize=8192)
def preceding(timetable: Timetable, before: datetime) -> datetime:
    """Return the last instant strictly before ``before``; quick where many schedules ask alike.

    Raises:
        InvalidTimetable: as for ``coming``.
    """
    [found] = latest(timetable, after=before - _LONGEST, until=before - _TICK, most=1)
    return found


def latest(
    timetable: Timetable, *, after: datetime, until: datetime, most: int
) -> tuple[datetime, ...]:
    """Return the last ``most`` instants in (after, until], oldest first. All times are UTC.

    Looks back over ever longer stretches until one holds enough, so the work grows with ``most``
    and not with the time since ``after``.

    Raises:
        InvalidTimetable: as for ``coming``.
    """
    stretch = _HOUR
    while True:
        start = max(after, until - stretch)
        instants = coming(timetable, after=start)
        found = tuple(takewhile(lambda instant: instant <= until, instants))
        if len(found) >= most or start == after:
            return found[-most:]
        stretch *= 2


def _zone(timetable: Timetable) -> tzinfo:
    if timetable.timezone == "UTC":
        return UTC
    try:
        return ZoneInfo(timetable.timezone)
    except (KeyError, ValueError, OSError) as cause:
        raise InvalidTimetable(timetable, f"unknown time zone {timetable.timezone!r}") from cause
