"""A schedule with all its timetables: the contract's own, and those of clauses that have one.

All of them share one row that ticks. Its instant is the soonest of any of them, and everything
before it was dealt with: so what each timetable does next follows from that one instant, and
clauses of one instant are judged together. A timetable is named by its cron line, the contract's
own by ``OWN``.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from contracts.clause import Clause
from contracts.timetable import Timetable
from runs.errors import InvalidTimetable
from runs.model import Interval, Lines, Part, Schedule
from runs.schedule import Due, due, interval_of, jitter, next_instant

OWN: Final = ""
_TICK: Final = timedelta(microseconds=1)  # the finest step of time


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """A run that is due.

    Attributes:
        lines: The timetables whose clauses it judges; None: all clauses.
    """

    instant: datetime
    interval: Interval
    lines: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The answer to one look at a schedule: see ``runs.schedule.Due``, over all its timetables."""

    fire: tuple[Firing, ...]
    missed: int
    missed_since: datetime | None
    missed_until: datetime | None
    instant: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What a schedule is to tick by from now on; see ``Schedule``."""

    timetable: Timetable
    parts: tuple[Part, ...]
    anchor: datetime
    instant: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One timetable of a schedule, and since when its instants count."""

    name: str
    timetable: Timetable
    since: datetime


def line_of(timetable: Timetable | None, own: Timetable | None) -> str:
    """Return the name of a clause's timetable in a contract whose own one is ``own``."""
    if timetable is None or timetable == own:
        return OWN
    return timetable.cron or OWN


def of_lines(
    clauses: Sequence[Clause], lines: Lines, *, own: Timetable | None
) -> tuple[Clause, ...]:
    """Return the clauses that a run of ``lines`` judges, of a contract whose own one is ``own``."""
    if lines is None:
        return tuple(clauses)
    return tuple(clause for clause in clauses if line_of(clause.timetable, own) in lines)


def look(schedule: Schedule, *, now: datetime) -> Look:
    """Decide what a schedule does at ``now``; over all looks no instant is fired twice.

    Raises:
        InvalidTimetable: one of its timetables names no instant.
    """
    lines = _lines(schedule.timetable, schedule.parts, schedule.anchor)
    delay = _delay(lines, schedule)
    answers = [(line, _answer(line, schedule, now, delay)) for line in lines]
    instant = min(answer.next for _, answer in answers)
    since = [answer.missed_since for _, answer in answers if answer.missed_since]
    until = [answer.missed_until for _, answer in answers if answer.missed_until]
    return Look(
        fire=_firings(answers, schedule),
        missed=sum(answer.missed for _, answer in answers),
        missed_since=min(since, default=None),
        missed_until=max(until, default=None),
        instant=instant,
        due_at=instant + delay,
    )


def agenda(
    contract_id: str,
    timetable: Timetable | None,
    clauses: Collection[Timetable],
    *,
    there: Schedule | None,
    now: datetime,
) -> Agenda | None:
    """Return by what a contract's schedule is to tick; None where nothing is to be judged by time.

    What did not change goes on where it stands; what is new begins behind ``now``.

    Args:
        contract_id: By which it is put off a little, see ``runs.schedule.jitter``.
        timetable: The contract's own; None where it has none.
        clauses: Timetables of its clauses, cron lines all.
        there: Its schedule up to now; None where it had none.
        now: When it is published, UTC.
    """
    names = sorted({line_of(each, timetable) for each in clauses} - {OWN})
    if timetable is None and not names:
        return None
    own = timetable or replace(next(iter(clauses)), cron=None)
    anchor = there.anchor if there is not None and there.timetable == own else now
    known = _known(there, own)
    parts = tuple(Part(cron=name, since=known.get(name, now)) for name in names)
    lines = _lines(own, parts, anchor)
    instant = min(_first(line, there, now) for line in lines)
    return Agenda(
        timetable=own,
        parts=parts,
        anchor=anchor,
        instant=instant,
        due_at=instant + jitter(lines[0].timetable, contract_id),
    )


def _known(there: Schedule | None, own: Timetable) -> dict[str, datetime]:
    """Return since when the timetables of clauses count that are there already."""
    if there is None or _rest(there.timetable) != _rest(own):
        return {}
    return {part.cron: part.since for part in there.parts}


def _lines(own: Timetable, parts: Collection[Part], anchor: datetime) -> tuple[_Line, ...]:
    ours = () if own.empty else (_Line(name=OWN, timetable=own, since=anchor),)
    others = (
        _Line(name=part.cron, timetable=replace(own, cron=part.cron, every=None), since=part.since)
        for part in parts
    )
    found = (*ours, *others)
    if not found:
        raise InvalidTimetable(own, "it names no instant")
    return found


def _rest(timetable: Timetable) -> Timetable:
    """Return what all timetables of a contract share."""
    return replace(timetable, cron=None, every=None)


def _delay(lines: Collection[_Line], schedule: Schedule) -> timedelta:
    return jitter(next(iter(lines)).timetable, schedule.contract_id)


def _first(line: _Line, there: Schedule | None, now: datetime) -> datetime:
    """Return the next instant of a timetable that stays or that begins ``now``."""
    if there is None or line.since == now:
        return next_instant(line.timetable, after=now, anchor=line.since)
    return _standing(line, there)


def _standing(line: _Line, schedule: Schedule) -> datetime:
    """Return the first instant of a timetable that was not dealt with yet."""
    if not schedule.parts and line.name == OWN:
        return schedule.instant
    after = max(schedule.instant - _TICK, line.since)
    return next_instant(line.timetable, after=after, anchor=line.since)


def _answer(line: _Line, schedule: Schedule, now: datetime, delay: timedelta) -> Due:
    standing = _standing(line, schedule)
    return due(line.timetable, instant=standing, anchor=line.since, now=now, delay=delay)


def _firings(answers: Collection[tuple[_Line, Due]], schedule: Schedule) -> tuple[Firing, ...]:
    together: defaultdict[datetime, list[_Line]] = defaultdict(list)
    for line, answer in answers:
        for instant in answer.fire:
            together[instant].append(line)
    return tuple(_firing(at, lines, schedule) for at, lines in sorted(together.items()))


def _firing(instant: datetime, lines: Collection[_Line], schedule: Schedule) -> Firing:
    """Return the run of an instant; it is about the longest stretch that any of its lines is."""
    begun = (
        interval_of(line.timetable, instant=instant, anchor=line.since).start for line in lines
    )
    names = tuple(sorted(line.name for line in lines))
    everything = OWN in names and len(names) == len(schedule.parts) + 1
    return Firing(
        instant=instant,
        interval=Interval(start=min(begun), end=instant),
        lines=None if everything else names,
    )
