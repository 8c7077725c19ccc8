"""What may go from the tables, and taking it away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    exists,
    func,
    null,
    or_,
    select,
    tuple_,
    update,
)

from checks.model import Outcome
from incidents.model import BreachState, IncidentState
from notifications.model import NoticeState
from store.answers import FAILED_LAST, NEWEST_RUN
from store.statements import lock
from store.tables.judging import RESULT, RUN, SNAPSHOT, STANDING
from store.tables.promise import CLAUSE, CONTRACT
from store.tables.trouble import ATTEMPT, BREACH, INCIDENT, NOTICE

_VERDICTS: Final = (Outcome.PASSED.value, Outcome.FAILED.value)
_OVER: Final = (NoticeState.SENT.value, NoticeState.WITHDRAWN.value)
_NEWER: Final = RESULT.alias("newer")
_THEIRS: Final = RUN.alias("theirs")
_OTHER: Final = RUN.alias("other")
_SIBLING: Final = RESULT.alias("beside")
_NEXT: Final = SNAPSHOT.alias("next_score")


class SqlRetention:
    """Letting go inside one transaction. Finding needs no transaction that writes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def old_evidence(self, before: datetime, *, limit: int) -> Sequence[int]:
        """Return results known before then that still hold a sample of rows."""
        held = (RESULT.c.evidence.is_not(None), RESULT.c.known_at < before)
        return self._ids(RESULT, *held, by=RESULT.c.known_at, limit=limit)

    def drop_evidence(self, results: Sequence[int]) -> int:
        """Forget the samples of ``results``, and say how many went."""
        self._alone()
        held = RESULT.c.id.in_(results) & RESULT.c.evidence.is_not(None)
        return self._connection.execute(update(RESULT).where(held).values(evidence=null())).rowcount

    def old_results(self, before: datetime, *, limit: int) -> Sequence[tuple[int, int]]:
        """Return runs over by then whose results nothing rests on, each with how many it has."""
        rows = select(func.count()).where(RESULT.c.run_id == RUN.c.id).scalar_subquery()
        found = self._connection.execute(
            select(RUN.c.id, rows)
            .where(
                RUN.c.finished_at < before,
                exists(select(1).where(RESULT.c.run_id == RUN.c.id).correlate(RUN)),
                ~_stands(),
                RUN.c.id.not_in(_FAILED_IN_OPEN_BREACHES),
                RUN.c.id.not_in(_NEWEST_IN_OPEN_INCIDENTS),
                ~(RUN.c.counted & _newest_at(before)),
            )
            .order_by(RUN.c.finished_at, RUN.c.id)
            .limit(limit)
        )
        return [(run_id, count) for run_id, count in found]

    def drop_results(self, runs: Sequence[int]) -> int:
        """Delete all results of ``runs``, and say how many went."""
        return self._drop(RESULT, RESULT.c.run_id.in_(runs))

    def old_runs(
        self, before: datetime, *, of_product: int, of_contract: int, limit: int
    ) -> Sequence[int]:
        """Return runs over by then without results that nothing names, but for the newest."""
        return self._ids(
            RUN,
            RUN.c.finished_at < before,
            RUN.c.interval_end <= before,
            ~exists(select(1).where(RESULT.c.run_id == RUN.c.id).correlate(RUN)),
            ~exists(select(1).where(SNAPSHOT.c.run_id == RUN.c.id).correlate(RUN)),
            ~_stands(),
            _behind(of_product, _asked_later(before), _OTHER.c.id),
            _behind(of_contract, _ended_later(before), _OTHER.c.finished_at),
            by=RUN.c.finished_at,
            limit=limit,
        )

    def drop_runs(self, runs: Sequence[int]) -> int:
        """Delete ``runs``, and say how many went."""
        return self._drop(RUN, RUN.c.id.in_(runs))

    def spare_scores(self, before: datetime, *, limit: int) -> Sequence[int]:
        """Return kept scores from before then that are not the last of their day, UTC."""
        follows = (
            select(_NEXT.c.at)
            .where(
                _NEXT.c.product == SNAPSHOT.c.product,
                tuple_(_NEXT.c.at, _NEXT.c.id) > tuple_(SNAPSHOT.c.at, SNAPSHOT.c.id),
            )
            .order_by(_NEXT.c.at, _NEXT.c.id)
            .limit(1)
            .correlate(SNAPSHOT)
            .scalar_subquery()
        )
        same_day = self._day(follows) == self._day(SNAPSHOT.c.at)
        return self._ids(SNAPSHOT, SNAPSHOT.c.at < before, same_day, by=SNAPSHOT.c.id, limit=limit)

    def drop_scores(self, scores: Sequence[int]) -> int:
        """Delete ``scores``, and say how many went."""
        return self._drop(SNAPSHOT, SNAPSHOT.c.id.in_(scores))

    def old_notices(self, before: datetime, *, limit: int) -> Sequence[int]:
        """Return notices that were sent or withdrawn before then, of incidents that are over."""
        over = INCIDENT.c.state.not_in(_open(IncidentState))
        return self._ids(
            NOTICE,
            NOTICE.c.state.in_(_OVER),
            NOTICE.c.due_at < before,
            or_(NOTICE.c.sent_at.is_(None), NOTICE.c.sent_at < before),
            exists(select(1).where(INCIDENT.c.id == NOTICE.c.incident_id, over).correlate(NOTICE)),
            by=NOTICE.c.id,
            limit=limit,
        )

    def drop_notices(self, notices: Sequence[int]) -> int:
        """Delete ``notices`` with the attempts at them, and say how many notices went."""
        self._drop(ATTEMPT, ATTEMPT.c.notice_id.in_(notices))
        return self._drop(NOTICE, NOTICE.c.id.in_(notices))

    def _ids(
        self,
        table: Table,
        *conditions: ColumnElement[bool],
        by: ColumnElement[Any],
        limit: int,
    ) -> Sequence[int]:
        found = select(table.c.id).where(*conditions).order_by(by, table.c.id).limit(limit)
        return self._connection.execute(found).scalars().all()

    def _drop(self, table: Table, condition: ColumnElement[bool]) -> int:
        self._alone()
        return self._connection.execute(delete(table).where(condition)).rowcount

    def _alone(self) -> None:
        """Let engines take turns: two that delete the same rows could wait for each other."""
        lock(self._connection, "retention")

    def _day(self, at: ColumnElement[datetime]) -> ColumnElement[Any]:
        if self._connection.dialect.name == "postgresql":
            return func.date(func.timezone("UTC", at))
        return func.date(at)


def _open(states: type[BreachState] | type[IncidentState]) -> list[str]:
    return [state.value for state in states if state.open]


def _stands() -> ColumnElement[bool]:
    """Whether a standing names the run."""
    named = or_(STANDING.c.answered_run == RUN.c.id, STANDING.c.judged_run == RUN.c.id)
    return exists(select(1).select_from(STANDING).where(named).correlate(RUN))


def _newest_at(at: datetime) -> ColumnElement[bool]:
    """Whether the run gave, of any clause, the newest answer or the newest verdict as of ``at``.

    On the safe side: a pass beside an errored segment, which is no verdict, stays like one.
    """
    doubted = exists(
        select(1)
        .where(
            _SIBLING.c.run_id == _NEWER.c.run_id,
            _SIBLING.c.clause_id == _NEWER.c.clause_id,
            _SIBLING.c.outcome == Outcome.ERRORED.value,
        )
        .correlate(_NEWER)
    )
    is_verdict = or_(
        _NEWER.c.outcome == Outcome.FAILED.value,
        and_(_NEWER.c.outcome == Outcome.PASSED.value, ~doubted),
    )
    no_verdict_itself = RESULT.c.outcome.not_in(_VERDICTS)
    place = ("interval_end", "known_at", "run_id")
    overtaken = exists(
        select(1)
        .select_from(_NEWER)
        .join(_THEIRS, _THEIRS.c.id == _NEWER.c.run_id)
        .where(
            _NEWER.c.clause_id == RESULT.c.clause_id,
            tuple_(*(_NEWER.c[name] for name in place))
            > tuple_(*(RESULT.c[name] for name in place)),
            _NEWER.c.interval_end <= at,
            _NEWER.c.known_at <= at,
            _THEIRS.c.finished_at <= at,
            _THEIRS.c.counted,
            or_(is_verdict, no_verdict_itself),
        )
        .correlate(RESULT)
    )
    ahead = (RESULT.c.interval_end > at) | (RESULT.c.known_at > at)
    return exists(
        select(1).where(RESULT.c.run_id == RUN.c.id, or_(ahead, ~overtaken)).correlate(RUN)
    )


def _asked_later(before: datetime) -> tuple[ColumnElement[bool], ...]:
    """What holds of runs that a card of ``before`` shows rather than this one."""
    return (
        _OTHER.c.product == RUN.c.product,
        _OTHER.c.id > RUN.c.id,
        _OTHER.c.created_at <= before,
    )


def _ended_later(before: datetime) -> tuple[ColumnElement[bool], ...]:
    place = tuple_(_OTHER.c.finished_at, _OTHER.c.id) > tuple_(RUN.c.finished_at, RUN.c.id)
    return (_OTHER.c.contract_id == RUN.c.contract_id, _OTHER.c.finished_at <= before, place)


def _behind(
    count: int, newer: tuple[ColumnElement[bool], ...], by: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Whether at least ``count`` runs are newer."""
    last = select(_OTHER.c.id).where(*newer).order_by(by, _OTHER.c.id).limit(1).offset(count - 1)
    return last.correlate(RUN).scalar_subquery().is_not(None)


_FAILED_IN_OPEN_BREACHES: Final = (
    select(RESULT.c.run_id)
    .select_from(BREACH)
    .join(CONTRACT, CONTRACT.c.id == BREACH.c.contract_id)
    .join(CLAUSE, (CLAUSE.c.contract_id == CONTRACT.c.id) & (CLAUSE.c.key == BREACH.c.clause_key))
    .join(RESULT, RESULT.c.id == FAILED_LAST)
    .where(BREACH.c.state.in_(_open(BreachState)))
    .correlate(None)
)
_NEWEST_IN_OPEN_INCIDENTS: Final = (
    select(NEWEST_RUN)
    .select_from(INCIDENT)
    .join(CONTRACT, CONTRACT.c.product == INCIDENT.c.product)
    .where(INCIDENT.c.state.in_(_open(IncidentState)), NEWEST_RUN.is_not(None))
    .correlate(None)
)
