"""Timetables as rows that tick."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, Select, bindparam, delete, insert, select, update

from contracts.timetable import Timetable
from runs.model import Pause, Schedule
from store.tables.judging import SCHEDULE
from store.tables.promise import VERSION


class SqlSchedules:
    """Schedules inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(
        self,
        contract_id: str,
        timetable: Timetable,
        *,
        anchor: datetime,
        due: tuple[datetime, datetime],
    ) -> None:
        """Keep a contract's schedule; ``due`` is (nominal instant, instant with jitter).

        A schedule whose timetable did not change keeps its anchor and its next instant. One that
        stands still goes on standing still.
        """
        found = self._connection.execute(
            select(SCHEDULE).where(SCHEDULE.c.contract_id == contract_id)
        )
        row = found.mappings().one_or_none()
        values = _timetable_row(timetable)
        instant, due_at = due
        values |= {"anchor": anchor, "instant": instant, "due_at": due_at}
        if row is None:
            values |= {"contract_id": contract_id, "paused": False}
            self._connection.execute(insert(SCHEDULE).values(values))
        elif timetable_of(row) != timetable:
            self._connection.execute(
                update(SCHEDULE).where(SCHEDULE.c.id == row["id"]).values(values)
            )

    def remove(self, contract_id: str) -> None:
        """Forget a contract's schedule, if it has one. The runs that it asked for stay."""
        self._connection.execute(delete(SCHEDULE).where(SCHEDULE.c.contract_id == contract_id))

    def of(self, contract_id: str) -> Schedule | None:
        """Return a contract's schedule."""
        found = self._connection.execute(_OF, {"contract_id": contract_id})
        row = found.mappings().one_or_none()
        return None if row is None else _schedule_of(row)

    def due(self, now: datetime, *, limit: int) -> tuple[Schedule, ...]:
        """Return schedules that are due and not paused, longest due first."""
        rows = self._connection.execute(
            _SELECT.where(SCHEDULE.c.due_at <= now, SCHEDULE.c.paused.is_(False))
            .order_by(SCHEDULE.c.due_at, SCHEDULE.c.id)
            .limit(limit)
        )
        return tuple(_schedule_of(row) for row in rows.mappings())

    def pause(self, schedule: Schedule, pause: Pause | None) -> None:
        """Let a schedule stand still, or tick again where ``pause`` is None."""
        values: dict[str, object] = {"paused": False, "paused_at": None}
        values |= {"paused_by": None, "pause_reason": None}
        if pause is not None:
            values = {
                "paused": True,
                "paused_at": pause.at,
                "paused_by": pause.by,
                "pause_reason": pause.reason,
            }
        self._connection.execute(
            update(SCHEDULE).where(SCHEDULE.c.id == schedule.id).values(values)
        )

    def advance(self, schedule: Schedule, *, instant: datetime, due_at: datetime) -> bool:
        """Move a schedule on; False when another tick got there first, or it was changed.

        One that was paused meanwhile is left where it stands.
        """
        moved = self._connection.execute(
            update(SCHEDULE)
            .where(
                SCHEDULE.c.id == schedule.id,
                SCHEDULE.c.instant == schedule.instant,
                SCHEDULE.c.anchor == schedule.anchor,
                SCHEDULE.c.paused.is_(False),
            )
            .values(instant=instant, due_at=due_at)
        )
        return moved.rowcount == 1


def timetable_of(row: RowMapping) -> Timetable:
    """Return the timetable in a row of schedules."""
    return Timetable(
        cron=row["cron"],
        every=row["every"],
        timezone=row["timezone"],
        jitter=row["jitter"],
        missed=row["missed"],
    )


def _timetable_row(timetable: Timetable) -> dict[str, object]:
    return {
        "cron": timetable.cron,
        "every": timetable.every,
        "timezone": timetable.timezone,
        "jitter": timetable.jitter,
        "missed": timetable.missed,
    }


def _schedule_of(row: RowMapping) -> Schedule:
    return Schedule(
        id=row["id"],
        contract_id=row["contract_id"],
        version=row["version"],
        timetable=timetable_of(row),
        anchor=row["anchor"],
        instant=row["instant"],
        due_at=row["due_at"],
        pause=_pause_of(row) if row["paused"] else None,
    )


def _pause_of(row: RowMapping) -> Pause:
    return Pause(
        at=row["paused_at"] or row["anchor"],
        by=row["paused_by"] or "",
        reason=row["pause_reason"] or "",
    )


_SELECT: Final[Select[*tuple[object, ...]]] = select(SCHEDULE, VERSION.c.version).join(
    VERSION, (VERSION.c.contract_id == SCHEDULE.c.contract_id) & VERSION.c.current.is_(True)
)
_OF: Final = _SELECT.where(SCHEDULE.c.contract_id == bindparam("contract_id"))
