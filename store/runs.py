"""The queue's truth, as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    ScalarSelect,
    func,
    or_,
    select,
    update,
)

from checks.model import Progress, Report, Result
from runs.filter import RunFilter
from runs.model import Asked, Claim, Interval, Run, RunState, Trigger
from store import lanes
from store.filters import alike
from store.lanes import BUSY, QUEUED, RUNNING, to_dispatch
from store.results import insert_results, results_of
from store.statements import insert_new
from store.tables.judging import RUN
from store.tables.promise import CONTRACT, PRODUCT, VERSION

_WAITING: Final[dict[str, str | None]] = {
    "state": RunState.QUEUED.value,
    "owner": None,
    "lease_until": None,
    "dispatched_at": None,
    "progress": None,
}
_ENDED: Final = tuple(state.value for state in RunState if state.terminal)


class SqlRuns:
    """Runs inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, asked: Asked) -> tuple[int, bool]:
        """Queue a run and return (id, True), or the id of the one with the same key and False.

        The same instant of the same schedule is the same run, too.
        """
        product = select(CONTRACT.c.product).where(CONTRACT.c.id == asked.contract_id)
        values = new_row(asked) | _lane(asked, product.scalar_subquery())
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
        return lanes.load(self._connection, dispatched_after=dispatched_after).total

    def queued(self, *, at_most: int) -> int:
        """Count runs that wait, up to ``at_most``."""
        some = select(RUN.c.id).where(QUEUED).limit(at_most).subquery()
        return self._connection.execute(select(func.count()).select_from(some)).scalar_one()

    def waiting(self, *, dispatched_before: datetime) -> bool:
        """Whether ``dispatch`` would find anything; a cheap read."""
        return self._any(*to_dispatch(dispatched_before))

    def expired(self, *, now: datetime) -> bool:
        """Whether any lease ran out; a cheap read."""
        return self._any(*_left_behind(now))

    def _any(self, *conditions: ColumnElement[bool]) -> bool:
        found = self._connection.execute(select(RUN.c.id).where(*conditions).limit(1))
        return found.first() is not None

    def unplaced(self, *, limit: int) -> tuple[tuple[str, str], ...]:
        """Return (contract, version) of queued runs whose connection nobody looked up so far."""
        return lanes.unplaced(self._connection, limit=limit)

    def place(self, contract_id: str, version: str, connection: str | None) -> None:
        """Write down the connection a version reads over: empty for none, None for unknown."""
        lanes.place(self._connection, contract_id, version, connection)

    def dispatch(
        self, *, now: datetime, dispatched_before: datetime, limit: int, per_connection: int
    ) -> tuple[int, ...]:
        """Mark queued runs as handed to the broker and return them, as ``runs.fair`` chooses.

        Takes those never handed over, or handed over before ``dispatched_before`` (a lost message).
        A contract's runs go one at a time, in order: one that has another running, or an older one
        queued, is left for later, since its claim would be refused.

        Args:
            now: The mark.
            dispatched_before: As above.
            limit: Most runs in flight.
            per_connection: Most runs in flight over one connection.
        """
        return lanes.hand_over(
            self._connection,
            now=now,
            dispatched_before=dispatched_before,
            limit=limit,
            per_connection=per_connection,
        )

    def take_back(self, run_ids: Sequence[int]) -> None:
        """Let runs that did not reach the broker be handed over again at once."""
        lanes.take_back(self._connection, run_ids)

    def claim(
        self,
        run_id: int,
        *,
        owner: str,
        now: datetime,
        lease_until: datetime,
        per_connection: int | None = None,
    ) -> Claim | None:
        """Take a queued run; None when it is not queued any more, or its contract is being run.

        One that was refused because its contract is being run, or because ``per_connection`` runs
        read over its connection, is handed over again afterwards.
        """
        queued = update(RUN).where(RUN.c.id == run_id, QUEUED)
        taken = self._connection.execute(
            queued.where(~BUSY, lanes.has_room(self._connection, run_id, per_connection))
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
            .values(_WAITING)
            .returning(RUN.c.id)
        )
        return tuple(sorted(requeued.scalars()))

    def give_back(self, owner: str) -> int:
        """Queue again what ``owner`` is judging, as if it had not been tried; return how many."""
        mine = (RUNNING, RUN.c.owner == owner)
        back = update(RUN).where(*mine).values({**_WAITING, "attempt": RUN.c.attempt - 1})
        return self._connection.execute(back).rowcount

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
    return (RUN.c.id == claim.run_id, RUN.c.fence == claim.fence, RUNNING)


def _left_behind(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (RUNNING, RUN.c.lease_until <= now)


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


def _lane(asked: Asked, product: ScalarSelect[str]) -> dict[str, object]:
    """Whose run it is, and what it reads over, where an engine has looked that up before."""
    version = select(VERSION.c.connection).where(
        VERSION.c.contract_id == asked.contract_id, VERSION.c.version == asked.version
    )
    domain = select(PRODUCT.c.domain).where(PRODUCT.c.key == product)
    return {
        "product": product,
        "domain": domain.scalar_subquery(),
        "connection": version.scalar_subquery(),
    }


def new_row(asked: Asked) -> dict[str, object]:
    """Return the row of a run that is asked for, without its lane."""
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
        "cause": asked.cause,
        "triggers": 1,
        "lines": None if asked.lines is None else list(asked.lines),
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
        cause=row["cause"],
        triggers=row["triggers"],
        lines=None if row["lines"] is None else tuple(row["lines"]),
    )
