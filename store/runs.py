"""The queue's truth, as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from checks.model import Progress, Report, Result
from runs.filter import RunFilter
from runs.model import Asked, Claim, Interval, Run, RunState, Trigger
from store.filters import alike
from store.results import insert_results, results_of
from store.statements import insert_new
from store.tables.judging import RUN
from store.tables.promise import CONTRACT, PRODUCT

_ENDED: Final = tuple(state.value for state in RunState if state.terminal)
_OTHER: Final = RUN.alias("other")


def _is(table: FromClause, state: RunState) -> ColumnElement[bool]:
    # Written into the statement: an index on the rows in one state is of no use to a parameter.
    return table.c.state == literal(state.value, literal_execute=True)


_QUEUED: Final = _is(RUN, RunState.QUEUED)
_RUNNING: Final = _is(RUN, RunState.RUNNING)


def _exists_other(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the contract of a run has another run for which the conditions hold."""
    same = _OTHER.c.contract_id == RUN.c.contract_id
    return exists(select(1).select_from(_OTHER).where(same, *conditions).correlate(RUN))


_BUSY: Final = _exists_other(_is(_OTHER, RunState.RUNNING))
_BEHIND: Final = _exists_other(_is(_OTHER, RunState.QUEUED), _OTHER.c.id < RUN.c.id)


class SqlRuns:
    """Runs inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, asked: Asked) -> tuple[int, bool]:
        """Queue a run and return (id, True), or the id of the one with the same key and False.

        The same instant of the same schedule is the same run, too.
        """
        product = select(CONTRACT.c.product).where(CONTRACT.c.id == asked.contract_id)
        values = _new_row(asked) | {"product": product.scalar_subquery()}
        added = self._connection.execute(
            insert_new(self._connection, RUN).values(values).returning(RUN.c.id)
        ).scalar_one_or_none()
        if added is not None:
            return added, True
        same_instant = (RUN.c.schedule_id == asked.schedule_id) & (RUN.c.instant == asked.instant)
        there = self._connection.execute(
            select(RUN.c.id)
            .where(or_(RUN.c.dedupe_key == asked.key, same_instant))
            .order_by(RUN.c.id)
            .limit(1)
        ).scalar_one()
        return there, False

    def get(self, run_id: int) -> Run | None:
        """Return one run."""
        found = self._runs(RUN.c.id == run_id, limit=1)
        return found[0] if found else None

    def page(self, *, product: str | None, before: int | None, limit: int) -> tuple[Run, ...]:
        """Return runs, newest first, those older than run ``before``."""
        return self.find(RunFilter(product=product), before=before, limit=limit)

    def find(self, wanted: RunFilter, *, before: int | None, limit: int) -> tuple[Run, ...]:
        """Return runs of a kind, newest first, those older than run ``before``."""
        conditions = alike(RUN, wanted)
        if before is not None:
            conditions.append(RUN.c.id < before)
        return self._runs(*conditions, limit=limit)

    def asked_for(self, product: str, *, until: datetime, limit: int) -> tuple[Run, ...]:
        """Return runs that were asked for up to ``until``, newest first."""
        return self._runs(RUN.c.product == product, RUN.c.created_at <= until, limit=limit)

    def latest(self, products: Sequence[str]) -> Mapping[str, Run]:
        """Return the newest run of each of ``products`` that has one; two statements in all."""
        newest = (
            select(RUN.c.id)
            .where(RUN.c.product == PRODUCT.c.key)
            .order_by(RUN.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        ids = self._connection.execute(select(newest).where(PRODUCT.c.key.in_(products))).scalars()
        numbers = [number for number in ids if number is not None]
        found = self._runs(RUN.c.id.in_(numbers), limit=len(numbers))
        return {run.product: run for run in found}

    def _runs(self, *conditions: ColumnElement[bool], limit: int) -> tuple[Run, ...]:
        rows = self._connection.execute(
            select(RUN).where(*conditions).order_by(RUN.c.id.desc()).limit(limit)
        )
        return tuple(_run_of(row) for row in rows.mappings())

    def in_flight(self, *, dispatched_after: datetime) -> int:
        """Count runs that run, or are queued and were dispatched after that instant."""
        handed = _QUEUED & (RUN.c.dispatched_at > dispatched_after)
        return self._connection.execute(
            select(func.count()).select_from(RUN).where(or_(_RUNNING, handed))
        ).scalar_one()

    def waits(self, contract_id: str) -> bool:
        """Whether a scheduled run of the contract is queued and not yet taken."""
        scheduled = RUN.c.schedule_id.is_not(None)
        return self._any(_QUEUED, RUN.c.contract_id == contract_id, scheduled)

    def waiting(self, *, dispatched_before: datetime) -> bool:
        """Whether ``dispatch`` would find anything; a cheap read."""
        return self._any(*_to_dispatch(dispatched_before))

    def expired(self, *, now: datetime) -> bool:
        """Whether any lease ran out; a cheap read."""
        return self._any(*_left_behind(now))

    def _any(self, *conditions: ColumnElement[bool]) -> bool:
        found = self._connection.execute(select(RUN.c.id).where(*conditions).limit(1))
        return found.first() is not None

    def dispatch(
        self, *, now: datetime, dispatched_before: datetime, limit: int
    ) -> tuple[int, ...]:
        """Mark queued runs as handed to the broker and return them, oldest first.

        Takes those never handed over, or handed over before ``dispatched_before`` (a lost message).
        A contract's runs go one at a time, in order: one that has another running, or an older one
        queued, is left for later, since its claim would be refused.
        """
        chosen = self._connection.execute(
            select(RUN.c.id)
            .where(*_to_dispatch(dispatched_before))
            .order_by(RUN.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = tuple(chosen.scalars())
        self._connection.execute(update(RUN).where(RUN.c.id.in_(ids)).values(dispatched_at=now))
        return ids

    def claim(
        self, run_id: int, *, owner: str, now: datetime, lease_until: datetime
    ) -> Claim | None:
        """Take a queued run; None when it is not queued any more, or its contract is being run.

        One that was refused because its contract is being run is handed over again afterwards.
        """
        queued = update(RUN).where(RUN.c.id == run_id, _QUEUED)
        taken = self._connection.execute(
            queued.where(~_BUSY)
            .values(
                state=RunState.RUNNING.value,
                owner=owner,
                fence=RUN.c.fence + 1,
                attempt=RUN.c.attempt + 1,
                started_at=now,
                lease_until=lease_until,
                progress=None,
            )
            .returning(RUN.c.fence, RUN.c.attempt)
        ).one_or_none()
        if taken is None:
            self._connection.execute(queued.values(dispatched_at=None))
            return None
        fence, attempt = taken
        return Claim(run_id=run_id, fence=fence, attempt=attempt, lease_until=lease_until)

    def beat(self, claim: Claim, *, lease_until: datetime) -> bool:
        """Prolong a lease; False when the claim is not the newest any more."""
        kept = self._connection.execute(
            update(RUN).where(*_held(claim)).values(lease_until=lease_until)
        )
        return kept.rowcount == 1

    def note(self, claim: Claim, progress: Progress) -> bool:
        """Write down how far a run is; False when the claim is not the newest any more."""
        noted = self._connection.execute(
            update(RUN).where(*_held(claim)).values(progress=asdict(progress))
        )
        return noted.rowcount == 1

    def finish(
        self, claim: Claim, *, state: RunState, report: Report | None, error: str, now: datetime
    ) -> bool:
        """End a run and keep its results, if ``claim`` still holds; False when it does not.

        Raises:
            ValueError: ``state`` is no end.
        """
        if not state.terminal:
            raise ValueError(f"a run cannot end as {state}")
        ended = self._connection.execute(
            update(RUN)
            .where(*_held(claim))
            .values(state=state.value, error=error, **_over(now), **_told(report))
            .returning(RUN.c.contract_id, RUN.c.interval_start, RUN.c.interval_end)
        ).one_or_none()
        if ended is None:
            return False
        if report is not None:
            contract_id, start, end = ended
            interval = Interval(start=start, end=end)
            insert_results(self._connection, claim.run_id, contract_id, interval, report)
        return True

    def requeue(self, *, now: datetime, attempts: int) -> tuple[int, ...]:
        """Queue again runs whose lease ran out, with attempts below ``attempts``."""
        requeued = self._connection.execute(
            update(RUN)
            .where(*_left_behind(now), RUN.c.attempt < attempts)
            .values(
                state=RunState.QUEUED.value,
                owner=None,
                lease_until=None,
                dispatched_at=None,
                progress=None,
            )
            .returning(RUN.c.id)
        )
        return tuple(sorted(requeued.scalars()))

    def lose(self, *, now: datetime, attempts: int, limit: int) -> tuple[Run, ...]:
        """End as lost what a dead worker left after its last attempt, and return it."""
        left = self._connection.execute(
            select(RUN.c.id)
            .where(*_left_behind(now), RUN.c.attempt >= attempts)
            .order_by(RUN.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        lost = RUN.c.id.in_(tuple(left.scalars()))
        error = f"no sign of life from its worker, in {attempts} attempts"
        self._connection.execute(
            update(RUN).where(lost).values(state=RunState.LOST.value, error=error, **_over(now))
        )
        return tuple(reversed(self._runs(lost, limit=limit)))

    def results(self, run_id: int) -> tuple[Result, ...]:
        """Return the results of a run in the order they were recorded."""
        return results_of(self._connection, run_id)

    def states(self, contract_id: str, *, limit: int) -> tuple[RunState, ...]:
        """Return how the contract's latest ended runs ended, newest first."""
        ended = self._connection.execute(
            select(RUN.c.state)
            .where(RUN.c.contract_id == contract_id, RUN.c.state.in_(_ENDED))
            .order_by(RUN.c.finished_at.desc(), RUN.c.id.desc())
            .limit(limit)
        )
        return tuple(RunState(state) for state in ended.scalars())


def _held(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    """What must still hold of a run for whoever holds the claim to change it."""
    return (RUN.c.id == claim.run_id, RUN.c.fence == claim.fence, _RUNNING)


def _left_behind(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (_RUNNING, RUN.c.lease_until <= now)


def _to_dispatch(dispatched_before: datetime) -> tuple[ColumnElement[bool], ...]:
    dispatched: Column[datetime] = RUN.c.dispatched_at
    return (_QUEUED, or_(dispatched.is_(None), dispatched < dispatched_before), ~_BUSY, ~_BEHIND)


def _over(now: datetime) -> dict[str, datetime | None]:
    """What is set when nothing more will happen to a run."""
    return {"finished_at": now, "lease_until": None, "progress": None}


def _told(report: Report | None) -> dict[str, object]:
    """What a run's row says of its report."""
    if report is None:
        return {}
    return {
        "outcome": report.outcome.value,
        "counts": {outcome.value: count for outcome, count in report.counts.items()},
        "seconds": {**report.phases, "total": report.seconds},
    }


def _new_row(asked: Asked) -> dict[str, object]:
    return {
        "dedupe_key": asked.key,
        "contract_id": asked.contract_id,
        "version": asked.version,
        "trigger": asked.trigger.value,
        "schedule_id": asked.schedule_id,
        "instant": asked.instant,
        "interval_start": asked.interval.start,
        "interval_end": asked.interval.end,
        "state": RunState.QUEUED.value,
        "fence": 0,
        "attempt": 0,
        "created_at": asked.created,
        "counts": {},
        "seconds": {},
        "error": "",
    }


def _run_of(row: RowMapping) -> Run:
    return Run(
        id=row["id"],
        product=row["product"],
        contract_id=row["contract_id"],
        version=row["version"],
        trigger=Trigger(row["trigger"]),
        state=RunState(row["state"]),
        interval=Interval(start=row["interval_start"], end=row["interval_end"]),
        fence=row["fence"],
        attempt=row["attempt"],
        created=row["created_at"],
        started=row["started_at"],
        finished=row["finished_at"],
        lease_until=row["lease_until"],
        outcome=row["outcome"],
        counts=row["counts"],
        seconds=row["seconds"],
        error=row["error"],
        progress=None if row["progress"] is None else Progress(**row["progress"]),
    )
