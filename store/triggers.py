"""What asks for runs: each trigger makes one, or joins one that waits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from runs.model import Asked, Interval, Run, RunState, Trigger
from store.runs import SqlRuns
from store.statements import lock
from store.tables.judging import RUN
from store.tables.triggers import TRIGGER

_JOINED: Final = tuple(
    trigger.value for trigger in (Trigger.SCHEDULE, Trigger.API, Trigger.EVENT, Trigger.LINEAGE)
)
_QUEUED: Final = RUN.c.state == literal(RunState.QUEUED.value, literal_execute=True)
_WHOLE: Final = RUN.c.interval_start == RUN.c.interval_end


class SqlTriggers:
    """Triggers inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, asked: Asked) -> tuple[int, bool]:
        """Return (id, True) of a new run, or the id of the one that does for it and False.

        The same key is the same run for ever. Else a run of every clause of the same version that
        waits, and is about the same or more data, is joined: one about all data is, from then on,
        about all up to the end of the joined interval. A contract's triggers come one at a time.
        """
        lock(self._connection, f"trigger {asked.contract_id}")
        known = self._of_key(asked.key)
        if known is not None:
            return known, False
        joined = self._join(asked)
        if joined is None:
            run_id, new = SqlRuns(self._connection).add(asked)
            end = asked.interval.end
        else:
            (run_id, end), new = joined, False
        self._connection.execute(
            insert(TRIGGER).values(
                dedupe_key=asked.key,
                run_id=run_id,
                trigger=asked.trigger.value,
                cause=asked.cause,
                at=asked.created,
                interval_end=end,
            )
        )
        return run_id, new

    def _of_key(self, key: str) -> int | None:
        return self._connection.execute(
            select(TRIGGER.c.run_id).where(TRIGGER.c.dedupe_key == key)
        ).scalar_one_or_none()

    def as_of(self, runs: Sequence[Run], at: datetime) -> tuple[Run, ...]:
        """Return ``runs`` as they were before triggers that came after ``at`` joined them."""
        joined = [run.id for run in runs if run.triggers > 1]
        early = TRIGGER.c.at <= at
        rows = self._connection.execute(
            select(
                TRIGGER.c.run_id,
                func.count().filter(~early).label("late"),
                func.max(TRIGGER.c.interval_end).filter(early).label("end"),
            )
            .where(TRIGGER.c.run_id.in_(joined))
            .group_by(TRIGGER.c.run_id)
        )
        known = {row.run_id: (row.late, row.end) for row in rows}
        return tuple(_without(run, *known.get(run.id, (0, None))) for run in runs)

    def _join(self, asked: Asked) -> tuple[int, datetime] | None:
        """Join a run that waits and return its id and the end of its data.

        None where there is none, or a worker took it just now.
        """
        found = self._connection.execute(
            select(RUN.c.id)
            .where(
                _QUEUED,
                RUN.c.contract_id == asked.contract_id,
                RUN.c.version == asked.version,
                RUN.c.trigger.in_(_JOINED),
                RUN.c.lines.is_(None),
                _holds(asked),
            )
            .order_by(RUN.c.id)
            .limit(1)
        ).scalar_one_or_none()
        if found is None:
            return None
        end = asked.interval.end
        later = and_(_WHOLE, RUN.c.interval_end < end)
        taken = self._connection.execute(
            update(RUN)
            .where(RUN.c.id == found, _QUEUED)
            .values(
                triggers=RUN.c.triggers + 1,
                interval_start=case((later, end), else_=RUN.c.interval_start),
                interval_end=case((later, end), else_=RUN.c.interval_end),
            )
            .returning(RUN.c.id, RUN.c.interval_end)
        ).one_or_none()
        return None if taken is None else (taken.id, taken.interval_end)


def _without(run: Run, late: int, end: datetime | None) -> Run:
    """Return ``run`` without its ``late`` triggers; the others left it with data up to ``end``."""
    moved = run.interval.whole and late > 0
    interval = Interval.up_to(end) if moved and end is not None else run.interval
    return replace(run, triggers=run.triggers - late, interval=interval)


def _holds(asked: Asked) -> ColumnElement[bool]:
    """Whether a run is about all the data that ``asked`` is about."""
    if asked.interval.whole:
        return _WHOLE
    around = and_(
        RUN.c.interval_start <= asked.interval.start, RUN.c.interval_end >= asked.interval.end
    )
    return or_(_WHOLE, around)
