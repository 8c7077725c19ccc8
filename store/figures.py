"""What operators watch, as sums over rows that an index finds: never over all that is kept."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, Table, func, select, true

from access.event import EventKind
from contracts.values import Severity
from incidents.figures import Trouble
from incidents.model import BreachState, IncidentKind, IncidentState
from notifications.model import NoticeState
from runs.figures import Ended, Line
from runs.model import RunState
from store.tables.feed import HAPPENED
from store.tables.judging import RUN, SCHEDULE
from store.tables.trouble import ATTEMPT, BREACH, INCIDENT, NOTICE

_WAITING: Final = [
    state.value for state in (NoticeState.QUEUED, NoticeState.SENDING, NoticeState.RETRY)
]
_OPEN: Final = [state.value for state in IncidentState if state.open]
_BROKEN: Final = [state.value for state in BreachState if state.open]
_GRAVENESS: Final = [severity.value for severity in Severity]
_NONE: Final = "none"
_COLUMNS: Final = (
    RUN.c.id,
    RUN.c.state,
    RUN.c.outcome,
    RUN.c.attempt,
    RUN.c.created_at,
    RUN.c.started_at,
    RUN.c.seconds,
)


class SqlFigures:
    """Figures inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queued(self) -> Line:
        """Return the runs that are queued, since the first was asked for."""
        state = RUN.c.state == RunState.QUEUED.value
        length, since = self._connection.execute(
            select(func.count(), func.min(RUN.c.created_at)).where(state)
        ).one()
        return Line(length=length, since=since)

    def running(self) -> int:
        """Count the runs that are being judged."""
        state = RUN.c.state == RunState.RUNNING.value
        return self._connection.execute(select(func.count()).where(state)).scalar_one()

    def overdue(self, now: datetime) -> datetime | None:
        """Return when the schedule was due that is overdue longest; None when none is."""
        return self._connection.execute(
            select(SCHEDULE.c.due_at)
            .where(SCHEDULE.c.due_at <= now, SCHEDULE.c.paused != true())
            .order_by(SCHEDULE.c.due_at)
            .limit(1)
        ).scalar_one_or_none()

    def outbox(self, now: datetime) -> Line:
        """Return the notices still to arrive, since the first that is due was due."""
        since = func.min(NOTICE.c.due_at).filter(NOTICE.c.due_at <= now)
        length, first = self._connection.execute(
            select(func.count(), since).where(NOTICE.c.state.in_(_WAITING))
        ).one()
        return Line(length=length, since=first)

    def requested(self) -> int:
        """Return the number of the newest run: how many were ever asked for."""
        return self._newest(RUN)

    def attempts(self) -> int:
        """Return the number of the newest try to send a notice: how many were ever made."""
        return self._newest(ATTEMPT)

    def newest(self) -> int:
        """Return the number of the newest event; 0 when nothing ever happened."""
        return self._newest(HAPPENED)

    def trouble(self) -> tuple[Trouble, ...]:
        """Return the open incidents, counted by kind, state and severity."""
        broken = (BREACH.c.incident_id == INCIDENT.c.id) & BREACH.c.state.in_(_BROKEN)
        rows = self._connection.execute(
            select(INCIDENT.c.id, INCIDENT.c.kind, INCIDENT.c.state, BREACH.c.severity)
            .select_from(INCIDENT.outerjoin(BREACH, broken))
            .where(INCIDENT.c.state.in_(_OPEN))
            .distinct()
        )
        gravest: dict[int, tuple[str, str, str]] = {}
        for number, kind, state, severity in rows:
            known = gravest.get(number, (kind, state, _NONE))[2]
            gravest[number] = (kind, state, min(known, severity or _NONE, key=_rank))
        return tuple(
            Trouble(kind=IncidentKind(kind), state=IncidentState(state), severity=grave, count=n)
            for (kind, state, grave), n in sorted(Counter(gravest.values()).items())
        )

    def ended(self, after: int, *, limit: int) -> Mapping[int, Ended]:
        """Return the runs that ended since event ``after``, by the event's number, in order."""
        rows = self._connection.execute(
            select(HAPPENED.c.id, HAPPENED.c.subject)
            .where(HAPPENED.c.id > after, HAPPENED.c.kind == EventKind.RUN_FINISHED.value)
            .order_by(HAPPENED.c.id)
            .limit(limit)
        )
        numbers = {event: int(subject.rpartition("/")[2]) for event, subject in rows}
        found = self._connection.execute(select(*_COLUMNS).where(RUN.c.id.in_(numbers.values())))
        runs = {row["id"]: _ended_of(row) for row in found.mappings()}
        return {event: runs[run_id] for event, run_id in numbers.items() if run_id in runs}

    def _newest(self, table: Table) -> int:
        found: int | None = self._connection.execute(select(func.max(table.c.id))).scalar_one()
        return found or 0


def _rank(severity: str) -> int:
    return _GRAVENESS.index(severity) if severity in _GRAVENESS else len(_GRAVENESS)


def _ended_of(row: RowMapping) -> Ended:
    lost = row["state"] == RunState.LOST.value
    started, created = row["started_at"], row["created_at"]
    return Ended(
        outcome=RunState.LOST.value if lost or row["outcome"] is None else row["outcome"],
        attempts=row["attempt"],
        waited=None if started is None else max(0.0, (started - created).total_seconds()),
        seconds=row["seconds"],
    )
