"""What was recorded up to a moment, as rows: for a card as it was known then.

A run's answers were known from ``finished_at`` on, when they were committed: its ``known_at`` is
when the judging ended, a little earlier.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    and_,
    case,
    func,
    or_,
    select,
    tuple_,
)

from checks.model import Outcome
from contracts.record import Version
from incidents.model import Incident, IncidentKind, IncidentState
from runs.model import Pause, Run, RunState
from scorecards.line import Known, Snapshot, Turn
from store.contracts import VERSION_COLUMNS, version_of
from store.history import history_of
from store.results import RESULT_COLUMNS, finding_of
from store.runs import SqlRuns
from store.tables.door import AUDIT
from store.tables.judging import RESULT, RUN
from store.tables.past import DROP, INCIDENT_PAST
from store.tables.promise import CLAUSE, VERSION
from store.tables.trouble import INCIDENT
from store.triggers import SqlTriggers

_PAUSED, _RESUMED = "schedule.pause", "schedule.resume"  # actions of the audit log
_ANSWER: Final = RESULT.alias("answer")
_SIBLING: Final = RESULT.alias("sibling")
_NEWER: Final = VERSION.alias("newer")
_GRAVITY: Final = case(
    (_ANSWER.c.outcome == Outcome.FAILED.value, 0),
    (_ANSWER.c.outcome == Outcome.ERRORED.value, 1),
    (_ANSWER.c.outcome == Outcome.PASSED.value, 2),
    else_=3,
)
_DOUBTED: Final = (
    select(1)
    .where(
        _SIBLING.c.run_id == _ANSWER.c.run_id,
        _SIBLING.c.clause_id == _ANSWER.c.clause_id,
        _SIBLING.c.outcome == Outcome.ERRORED.value,
    )
    .correlate(_ANSWER)
    .exists()
)
# Over several segments the gravest counts: a pass beside an errored segment is no verdict.
_IS_VERDICT: Final = or_(
    _ANSWER.c.outcome == Outcome.FAILED.value,
    and_(_ANSWER.c.outcome == Outcome.PASSED.value, ~_DOUBTED),
)


class SqlPast:
    """The past inside one transaction. Every ``at`` is UTC and included."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def first(self, product: str) -> datetime | None:
        """Return when a version about the product was first published."""
        found: datetime | None = self._connection.execute(
            select(func.min(VERSION.c.published_at, type_=VERSION.c.published_at.type)).where(
                VERSION.c.product == product
            )
        ).scalar_one()
        return found

    def versions(self, product: str, at: datetime) -> tuple[Version, ...]:
        """Return the versions about the product that were current then, by contract id."""
        overtaken = (
            select(1)
            .where(
                _NEWER.c.contract_id == VERSION.c.contract_id,
                _NEWER.c.id > VERSION.c.id,
                _NEWER.c.published_at <= at,
            )
            .exists()
        )
        rows = self._connection.execute(
            select(*VERSION_COLUMNS)
            .where(VERSION.c.product == product, VERSION.c.published_at <= at, ~overtaken)
            .order_by(VERSION.c.contract_id)
        )
        return tuple(version_of(row) for row in rows.mappings())

    def latest(self, product: str, at: datetime) -> Version | None:
        """Return the version about the product that was published last."""
        found = self._published(VERSION.c.product == product, at, limit=1)
        return found[0] if found else None

    def chain(self, contract_id: str, at: datetime) -> tuple[Version, ...]:
        """Return every version of a contract up to then, newest first."""
        return self._published(VERSION.c.contract_id == contract_id, at, limit=None)

    def _published(
        self, of: ColumnElement[bool], at: datetime, *, limit: int | None
    ) -> tuple[Version, ...]:
        rows = self._connection.execute(
            select(*VERSION_COLUMNS)
            .where(of, VERSION.c.published_at <= at)
            .order_by(VERSION.c.id.desc())
            .limit(limit)
        )
        return tuple(version_of(row) for row in rows.mappings())

    def pause(self, contract_id: str, at: datetime, *, since: datetime) -> Pause | None:
        """Return the pause of a contract's schedule that held then, begun at ``since`` or later."""
        row = self._connection.execute(
            select(AUDIT.c.at, AUDIT.c.actor, AUDIT.c.action, AUDIT.c.detail)
            .where(
                AUDIT.c.subject == f"contract/{contract_id}",
                AUDIT.c.action.in_((_PAUSED, _RESUMED)),
                AUDIT.c.at >= since,
                AUDIT.c.at <= at,
            )
            .order_by(AUDIT.c.id.desc())
            .limit(1)
        ).one_or_none()
        if row is None or row.action == _RESUMED:
            return None
        return Pause(at=row.at, by=row.actor, reason=row.detail)

    def turned(
        self, clause: tuple[str, str], to: Outcome, *, after: Collection[Outcome], at: datetime
    ) -> Turn | None:
        """Return the first answer ``to`` behind the newest of those in ``after``."""
        contract_id, key = clause
        interval = (RESULT.c.interval_end, RESULT.c.known_at)
        of_clause = (
            select(*interval, RESULT.c.run_id)
            .select_from(RESULT)
            .join(RUN, RUN.c.id == RESULT.c.run_id)
            .join(CLAUSE, CLAUSE.c.id == RESULT.c.clause_id)
            .where(
                CLAUSE.c.contract_id == contract_id,
                CLAUSE.c.key == key,
                RESULT.c.interval_end <= at,
                RUN.c.finished_at <= at,
                RUN.c.counted,
            )
        )
        others = [outcome.value for outcome in after]
        other = self._connection.execute(
            of_clause.where(RESULT.c.outcome.in_(others))
            .order_by(*(column.desc() for column in interval))
            .limit(1)
        ).one_or_none()
        behind = () if other is None else (tuple_(*interval) > tuple_(*other[:2]),)
        row = self._connection.execute(
            of_clause.where(RESULT.c.outcome == to.value, *behind).order_by(*interval).limit(1)
        ).one_or_none()
        return None if row is None else Turn(at=row.known_at, run_id=row.run_id)

    def answers(self, contracts: Collection[str], at: datetime) -> Mapping[tuple[str, str], Known]:
        """Return the newest answer and verdict of each clause that had one, by (contract, key).

        One statement; it looks at the newest rows of each clause, not at all of its past.
        """
        judged = RESULT.alias("judged")
        rows = self._connection.execute(
            select(
                CLAUSE.c.contract_id,
                CLAUSE.c.key,
                *RESULT_COLUMNS,
                judged.c.outcome.label("verdict"),
                judged.c.known_at.label("judged_at"),
            )
            .select_from(CLAUSE)
            .join(RESULT, RESULT.c.id == _newest(at))
            .outerjoin(judged, judged.c.id == _newest(at, _IS_VERDICT))
            .where(CLAUSE.c.contract_id.in_(contracts))
        )
        return {
            (row["contract_id"], row["key"]): Known(
                finding=finding_of(row),
                segment=row["result_segment"],
                run_id=row["result_run_id"],
                known_at=row["result_known_at"],
                good=_GOOD.get(row["verdict"]),
                judged_at=row["judged_at"],
            )
            for row in rows.mappings()
        }

    def drops(self, contracts: Collection[str], at: datetime) -> Mapping[tuple[str, str], datetime]:
        """Return when each clause was dropped while failing last, by (contract, key)."""
        newest = func.max(DROP.c.at, type_=DROP.c.at.type)
        rows = self._connection.execute(
            select(CLAUSE.c.contract_id, CLAUSE.c.key, newest)
            .select_from(DROP)
            .join(CLAUSE, CLAUSE.c.id == DROP.c.clause_id)
            .where(CLAUSE.c.contract_id.in_(contracts), DROP.c.at <= at)
            .group_by(CLAUSE.c.contract_id, CLAUSE.c.key)
        )
        return {(contract_id, key): dropped_at for contract_id, key, dropped_at in rows}

    def lost(self, contracts: Collection[str], at: datetime) -> int:
        """Count the contracts whose newest ended run was lost."""
        return sum(self._newest_state(contract, at) == RunState.LOST for contract in contracts)

    def _newest_state(self, contract_id: str, at: datetime) -> str | None:
        return self._connection.execute(
            select(RUN.c.state)
            .where(RUN.c.contract_id == contract_id, RUN.c.finished_at <= at)
            .order_by(RUN.c.finished_at.desc(), RUN.c.id.desc())
            .limit(1)
        ).scalar_one_or_none()

    def incidents(self, product: str, at: datetime, *, limit: int) -> tuple[Incident, ...]:
        """Return incidents as they were then, the newest first."""
        newest = (
            select(INCIDENT_PAST.c.id)
            .where(INCIDENT_PAST.c.incident_id == INCIDENT.c.id, INCIDENT_PAST.c.at <= at)
            .order_by(INCIDENT_PAST.c.at.desc(), INCIDENT_PAST.c.id.desc())
            .limit(1)
            .correlate(INCIDENT)
            .scalar_subquery()
        )
        then = INCIDENT_PAST.alias("was")
        rows = self._connection.execute(
            select(
                INCIDENT.c.id,
                INCIDENT.c.kind,
                INCIDENT.c.opened_at,
                then.c.state,
                then.c.title,
                then.c.resolved_at,
                then.c.acknowledged_by,
                then.c.reason,
            )
            .select_from(INCIDENT)
            .join(then, then.c.id == newest)
            .where(INCIDENT.c.product == product)
            .order_by(INCIDENT.c.id.desc())
            .limit(limit)
        )
        return tuple(
            Incident(
                product=product,
                **{**row, "kind": IncidentKind(row["kind"]), "state": IncidentState(row["state"])},
            )
            for row in rows.mappings()
        )

    def runs(self, product: str, at: datetime, *, limit: int) -> tuple[Run, ...]:
        """Return the newest runs that were asked for up to then, as they are now.

        What asked for them later is left out.
        """
        runs = SqlRuns(self._connection).asked_for(product, until=at, limit=limit)
        return SqlTriggers(self._connection).as_of(runs, at)

    def snapshots(self, product: str, *, since: datetime, until: datetime) -> tuple[Snapshot, ...]:
        """Return at most 200 kept scores from ``since`` to ``until``, both included."""
        return history_of(self._connection, product, since, until=until)


_GOOD: Final = {Outcome.PASSED.value: True, Outcome.FAILED.value: False}


def _newest(at: datetime, *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """Return the newest result of a clause by (data interval, when known), the gravest of its run.

    No run is about an interval that lies ahead of it, so the index on the interval's end leads
    straight to those known by then.
    """
    return (
        select(_ANSWER.c.id)
        .select_from(_ANSWER)
        .join(RUN, RUN.c.id == _ANSWER.c.run_id)
        .where(
            _ANSWER.c.clause_id == CLAUSE.c.id,
            _ANSWER.c.interval_end <= at,
            _ANSWER.c.known_at <= at,
            RUN.c.finished_at <= at,
            RUN.c.counted,
            *conditions,
        )
        .order_by(
            _ANSWER.c.interval_end.desc(),
            _ANSWER.c.known_at.desc(),
            _ANSWER.c.run_id.desc(),
            _GRAVITY,
            _ANSWER.c.position,
        )
        .limit(1)
        .correlate(CLAUSE)
        .scalar_subquery()
    )
