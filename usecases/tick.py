"""Let time pass: queue what is due."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from access.record import AuditEvent
from runs.agenda import Firing, Look, look
from runs.errors import InvalidTimetable
from runs.model import Asked, Lines, Move, Pause, Schedule, Trigger
from runs.schedule import MOST_COUNTED
from usecases.pace import Pace
from usecases.ports import Shelf, Store

_US: Final = "assay"


def tick(store: Store, pace: Pace, *, now: datetime) -> int:
    """Queue the runs of schedules that are due, a batch of them, and return how many were queued.

    Any number of tickers may run: a schedule is held by one of them, it is moved on by
    compare-and-set, and a run of the same schedule and instant exists once.
    """
    with store.read() as shelf:
        if not shelf.schedules.waiting(now):
            return 0
    with store.write() as shelf:
        looks = tuple(_looks(shelf, shelf.schedules.due(now, limit=pace.batch), now))
        shelf.schedules.advance(
            [Move(schedule=one, instant=seen.instant, due_at=seen.due_at) for one, seen in looks]
        )
        for schedule, seen in looks:
            if seen.missed:
                shelf.audit.append(_missed(schedule, seen, now))
        queued = shelf.schedules.queued([schedule.contract_id for schedule, _ in looks])
        return shelf.schedules.ask(
            [
                _asked(schedule, firing, now)
                for schedule, seen in looks
                for firing in _unqueued(seen.fire, queued.get(schedule.contract_id, ()))
            ]
        )


def _looks(
    shelf: Shelf, schedules: Sequence[Schedule], now: datetime
) -> Iterator[tuple[Schedule, Look]]:
    """Look at each; one that cannot be followed any more is let stand still, for the others go on.

    Publishing refuses such a timetable, but an older release may have let it through.
    """
    for schedule in schedules:
        try:
            yield schedule, look(schedule, now=now)
        except InvalidTimetable as error:
            reason = f"it cannot be followed, publish a version with another schedule: {error}"
            shelf.schedules.pause(schedule, Pause(at=now, by=_US, reason=reason))
            shelf.audit.append(_told(schedule, "schedule.pause", reason, now))


def _unqueued(fire: Sequence[Firing], queued: Sequence[Lines]) -> Iterator[Firing]:
    """Leave out what a run that waits will judge anyway; more of the same would only pile up."""
    if None in queued:
        return
    known = {line for lines in queued for line in lines or ()}
    for firing in fire:
        if firing.lines is None or not known.issuperset(firing.lines):
            yield firing


def _asked(schedule: Schedule, firing: Firing, now: datetime) -> Asked:
    return Asked(
        key=f"schedule:{schedule.id}:{firing.instant.isoformat()}",
        contract_id=schedule.contract_id,
        version=schedule.version,
        trigger=Trigger.SCHEDULE,
        interval=firing.interval,
        created=now,
        schedule_id=schedule.id,
        instant=firing.instant,
        lines=firing.lines,
    )


def _missed(schedule: Schedule, seen: Look, now: datetime) -> AuditEvent:
    count = f"{seen.missed} or more" if seen.missed >= MOST_COUNTED else f"{seen.missed}"
    first, last = (at.isoformat() if at else "" for at in (seen.missed_since, seen.missed_until))
    detail = f"{count} instants from {first} to {last} went by without a run"
    return _told(schedule, "schedule.missed", detail, now)


def _told(schedule: Schedule, action: str, detail: str, now: datetime) -> AuditEvent:
    subject = f"contract/{schedule.contract_id}"
    return AuditEvent(at=now, actor=_US, action=action, subject=subject, detail=detail)
