"""Timetables as rows that tick."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, Select, bindparam, delete, insert, select, update

from contracts.timetable import Timetable
from runs.model import Asked, Lines, Move, Part, Pause, Schedule
from store.errors import StoreConflict
from store.fired import queue_all, queued_lines
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
        parts: Sequence[Part] = (),
    ) -> None:
        """Keep a contract's schedule; ``due`` is (nominal instant, instant with jitter).

        A schedule whose timetables did not change keeps its anchor and its next instant. One that
        stands still goes on standing still.
        """
        found = self._connection.execute(
            select(SCHEDULE).where(SCHEDULE.c.contract_id == contract_id)
        )
        row = found.mappings().one_or_none()
        values = _timetable_row(timetable)
        instant, due_at = due
        values |= {"anchor": anchor, "instant": instant, "due_at": due_at}
        values["parts"] = [_part_row(part) for part in parts] or None
        if row is None:
            values |= {"contract_id": contract_id, "paused": False}
            self._connection.execute(insert(SCHEDULE).values(values))
        elif (timetable_of(row), _lines(_parts_of(row))) != (timetable, _lines(parts)):
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

    def waiting(self, now: datetime) -> bool:
        """Whether ``due`` would find anything; a cheap read."""
        found = self._connection.execute(
            # In the order of the index, so that a database without statistics takes it as well.
            select(SCHEDULE.c.id)
            .where(SCHEDULE.c.due_at <= now, _TICKS)
            .order_by(SCHEDULE.c.due_at)
            .limit(1)
        )
        return found.first() is not None

    def due(self, now: datetime, *, limit: int) -> tuple[Schedule, ...]:
        """Return schedules that are due and not paused, longest due first.

        They are held until the transaction ends; those that another one holds are left out.
        """
        rows = self._connection.execute(
            _SELECT.where(SCHEDULE.c.due_at <= now, _TICKS)
            .order_by(SCHEDULE.c.due_at, SCHEDULE.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=SCHEDULE)
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

    def advance(self, moves: Sequence[Move]) -> None:
        """Move schedules on, all in one go.

        Raises:
            StoreConflict: another tick moved one of them, or it was changed or paused.
        """
        rows = [
            {
                "number": move.schedule.id,
                "was": move.schedule.instant,
                "begun": move.schedule.anchor,
                "instant": move.instant,
                "due_at": move.due_at,
            }
            for move in moves
        ]
        if rows and self._connection.execute(_ADVANCE, rows).rowcount != len(rows):
            raise StoreConflict("a schedule that was due was moved by another transaction")

    def queued(self, contracts: Collection[str]) -> Mapping[str, tuple[Lines, ...]]:
        """Return what the scheduled runs judge that wait, by contract."""
        return queued_lines(self._connection, contracts)

    def ask(self, asked: Sequence[Asked]) -> int:
        """Queue the runs of schedules, all in one go, and return how many are new."""
        return queue_all(self._connection, asked)


def timetable_of(row: RowMapping) -> Timetable:
    """Return the timetable in a row of schedules."""
    return Timetable(
        cron=row["cron"],
        every=row["every"],
        timezone=row["timezone"],
        jitter=row["jitter"],
        missed=row["missed"],
    )


def _part_row(part: Part) -> dict[str, str]:
    return {"cron": part.cron, "since": part.since.astimezone(UTC).isoformat()}


def _parts_of(row: RowMapping) -> tuple[Part, ...]:
    return tuple(
        Part(cron=part["cron"], since=datetime.fromisoformat(part["since"]))
        for part in row["parts"] or ()
    )


def _lines(parts: Sequence[Part]) -> tuple[str, ...]:
    return tuple(part.cron for part in parts)


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
        parts=_parts_of(row),
    )


def _pause_of(row: RowMapping) -> Pause:
    return Pause(
        at=row["paused_at"] or row["anchor"],
        by=row["paused_by"] or "",
        reason=row["pause_reason"] or "",
    )


_TICKS: Final = SCHEDULE.c.paused.is_(False)
_ADVANCE: Final = (
    update(SCHEDULE)
    .where(
        SCHEDULE.c.id == bindparam("number"),
        SCHEDULE.c.instant == bindparam("was"),
        SCHEDULE.c.anchor == bindparam("begun"),
        _TICKS,
    )
    .values(instant=bindparam("instant"), due_at=bindparam("due_at"))
)
_SELECT: Final[Select[*tuple[object, ...]]] = select(SCHEDULE, VERSION.c.version).join(
    VERSION, (VERSION.c.contract_id == SCHEDULE.c.contract_id) & VERSION.c.current.is_(True)
)
_OF: Final = _SELECT.where(SCHEDULE.c.contract_id == bindparam("contract_id"))
