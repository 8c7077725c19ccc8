"""Let time pass: queue what is due, hand it to the broker, take back what died."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from access.record import AuditEvent
from runs.model import Asked, Schedule, Trigger
from runs.schedule import due, interval_of, jitter
from usecases.ports import Shelf, Store
from usecases.record_run import record_lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How the queue is driven.

    Attributes:
        batch: Most schedules fired in one transaction.
        in_flight: Most runs handed to the broker and not ended.
        redispatch: After this long a queued run's message counts as lost.
        attempts: Claims of one run before it is lost.
    """

    batch: int = 500
    in_flight: int = 4
    redispatch: timedelta = timedelta(seconds=30)
    attempts: int = 3


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


def dispatch(
    store: Store, send: Callable[[int], None], pace: Pace, *, clock: Callable[[], datetime]
) -> int:
    """Hand queued runs to the broker, oldest first, and return how many.

    The mark is committed before the message is sent: a crash between costs only ``redispatch``.
    """
    now = clock()
    patience = now - pace.redispatch
    with store.read() as shelf:
        room = pace.in_flight - shelf.runs.in_flight(dispatched_after=patience)
        waiting = room > 0 and shelf.runs.waiting(dispatched_before=patience)
    if not waiting:
        return 0
    with store.write() as shelf:
        ids = shelf.runs.dispatch(now=now, dispatched_before=patience, limit=room)
    for run_id in ids:
        send(run_id)
    return len(ids)


def reap(store: Store, pace: Pace, *, url: str, now: datetime) -> int:
    """Take back runs whose worker died: queue them again, or end them as lost and tell the owner.

    Returns:
        How many runs were taken back.
    """
    with store.read() as shelf:
        if not shelf.runs.expired(now=now):
            return 0
    with store.write() as shelf:
        lost = shelf.runs.lose(now=now, attempts=pace.attempts, limit=pace.batch)
        for run in lost:
            record_lost(shelf, run, url=url, now=now)
        return len(lost) + len(shelf.runs.requeue(now=now, attempts=pace.attempts))
