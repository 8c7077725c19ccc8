"""Let time pass: queue what is due."""

from datetime import datetime

from access.record import AuditEvent
from runs.model import Asked, Schedule, Trigger
from runs.schedule import due, interval_of, jitter
from usecases.pace import Pace
from usecases.ports import Shelf, Store


def tick(store: Store, pace: Pace, *, now: datetime) -> int:
    """Queue the runs of every schedule that is due, and return how many were queued.

    Any number of tickers may run: a schedule is moved on by compare-and-set, and a run of the same
    schedule and instant exists once.
    """
    with store.read() as shelf:
        if not shelf.schedules.due(now, limit=1):
            return 0
    with store.write() as shelf:
        return sum(_fire(shelf, found, now) for found in shelf.schedules.due(now, limit=pace.batch))


def _fire(shelf: Shelf, schedule: Schedule, now: datetime) -> int:
    timetable, anchor = schedule.timetable, schedule.anchor
    delay = jitter(timetable, schedule.contract_id)
    ahead = due(timetable, instant=schedule.instant, anchor=anchor, now=now, delay=delay)
    due_at = ahead.next + delay
    if not shelf.schedules.advance(schedule, instant=ahead.next, due_at=due_at):
        return 0
    if ahead.missed:
        shelf.audit.append(_missed(schedule, ahead.missed, now))
    if shelf.runs.waits(schedule.contract_id):
        return 0  # a run that waits will see this delivery, too; more of them would only pile up
    queued = 0
    for instant in ahead.fire:
        asked = Asked(
            key=f"schedule:{schedule.id}:{instant.isoformat()}",
            contract_id=schedule.contract_id,
            version=schedule.version,
            trigger=Trigger.SCHEDULE,
            interval=interval_of(timetable, instant=instant, anchor=anchor),
            created=now,
            schedule_id=schedule.id,
            instant=instant,
        )
        queued += shelf.runs.add(asked)[1]
    return queued


def _missed(schedule: Schedule, count: int, now: datetime) -> AuditEvent:
    return AuditEvent(
        at=now,
        actor="assay",
        action="schedule.missed",
        subject=f"contract/{schedule.contract_id}",
        detail=f"{count} instants since {schedule.instant.isoformat()} went by without a run",
    )
