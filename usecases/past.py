"""A product as it was known at a past moment, from what was recorded up to then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from checks.model import Finding, Outcome, Result
from contracts.clause import Clause
from contracts.record import Version
from contracts.timetable import Timetable
from contracts.values import Dimension, Severity
from products.model import Port, Product
from runs.model import Run, RunState, Schedule
from runs.schedule import jitter, next_instant
from scorecards.line import Known, Line, Unjudged
from scorecards.model import Standing
from usecases.errors import NoCardYet, NotFound
from usecases.ports import Shelf
from usecases.promised import Promised, product_of, promised

_NEVER_RUN: Final = "never run"


@dataclass(frozen=True, slots=True, kw_only=True)
class PortThen:
    """An output port, the version it promised then, and when it was judged."""

    port: Port
    version: Version
    promised: Promised
    schedule: Schedule | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """A product as it was known at ``at`` (UTC).

    Attributes:
        clauses: What executable clauses stood like, by (contract id, key).
        dropped: Those that had been dropped while failing.
        lines: Every clause with its newest answer, by contract, in document order.
    """

    product: Product
    ports: tuple[PortThen, ...]
    clauses: Mapping[tuple[str, str], Standing]
    dropped: tuple[Standing, ...]
    lines: tuple[Line, ...]
    unjudged: Unjudged
    at: datetime

    @property
    def standing(self) -> tuple[Standing, ...]:
        """What the score is made of."""
        return (*self.clauses.values(), *self.dropped)


def then(shelf: Shelf, key: str, at: datetime) -> Then:
    """Return product ``key`` as it was known at ``at``.

    Contracts are read again from their bytes as published, answers are the newest that were
    recorded by then.

    Raises:
        NotFound: there is no such product; ``NoCardYet``: there was none then.
        Conflict: this release cannot read a version that was current then.
    """
    newest = shelf.past.latest(key, at)
    if newest is None:
        raise _missing(shelf, key, at)
    ports = tuple(_port(shelf, version, at) for version in shelf.past.versions(key, at))
    contracts = [port.version.contract_id for port in ports]
    known = shelf.past.answers(contracts, at)
    lines = tuple(_line(clause, port, known) for port in ports for clause in port.promised.clauses)
    drops = shelf.past.drops(contracts, at)
    return Then(
        product=product_of(promised(shelf, newest).contract),
        ports=tuple(sorted(ports, key=lambda port: (port.port.name, port.port.contract_id))),
        clauses=_clauses(ports, known),
        dropped=tuple(_dropped(key, dropped_at) for (_, key), dropped_at in drops.items()),
        lines=lines,
        unjudged=_unjudged(lines, shelf.past.lost(contracts, at)),
        at=at,
    )


def runs_then(shelf: Shelf, key: str, at: datetime, *, limit: int) -> tuple[Run, ...]:
    """Return the newest runs as they were then, newest first.

    Of a run that was taken up several times only the last time is known: before it, it waits.
    """
    return tuple(_run(run, at) for run in shelf.past.runs(key, at, limit=limit))


def _missing(shelf: Shelf, key: str, at: datetime) -> NotFound:
    first = shelf.past.first(key)
    return NotFound("product", key) if first is None else NoCardYet(key, at=at, first=first)


def _port(shelf: Shelf, version: Version, at: datetime) -> PortThen:
    found = promised(shelf, version)
    name = found.contract.name or found.contract.id
    return PortThen(
        port=Port(product=version.product, name=name, contract_id=version.contract_id),
        version=replace(version, current=True),
        promised=found,
        schedule=_schedule(shelf, version, at),
    )


def _schedule(shelf: Shelf, version: Version, at: datetime) -> Schedule | None:
    """Return the schedule as it ticked then: its anchor is where its timetable was published."""
    found = promised(shelf, version)
    timetables = _timetables(found)
    if not timetables:
        return None
    own = found.contract.timetable
    anchor, since = _begun(shelf, version, own)
    delay = jitter(timetables[0], version.contract_id)
    pause = shelf.past.pause(version.contract_id, at, since=since)
    looked_at = at if pause is None else pause.at
    after = max(anchor, looked_at - delay)
    instant = min(next_instant(each, after=after, anchor=anchor) for each in timetables)
    return Schedule(
        id=0,
        contract_id=version.contract_id,
        version=version.version,
        timetable=own or found.contract.shared,
        anchor=anchor,
        instant=instant,
        due_at=instant + delay,
        pause=pause,
    )


def _timetables(found: Promised) -> tuple[Timetable, ...]:
    """Return all timetables of a version, its own first."""
    own = found.contract.timetable
    others = {
        clause.timetable.cron or "": clause.timetable
        for clause in found.clauses
        if clause.timetable and not clause.skipped
    }
    return (*([own] if own else []), *(others[cron] for cron in sorted(others)))


def _begun(
    shelf: Shelf, version: Version, timetable: Timetable | None
) -> tuple[datetime, datetime]:
    """Return since when a contract had this very timetable, and since when it had any."""
    anchor = since = version.published_at
    same = True
    for older in shelf.past.chain(version.contract_id, version.published_at):
        was = promised(shelf, older)
        if not _timetables(was):
            break
        same = same and was.contract.timetable == timetable
        since = older.published_at
        anchor = older.published_at if same else anchor
    return anchor, since


def _line(clause: Clause, port: PortThen, known: Mapping[tuple[str, str], Known]) -> Line:
    contract_id = port.version.contract_id
    found = known.get((contract_id, clause.key))
    if found is None:
        reason = clause.skipped or _NEVER_RUN
        unknown = Finding(outcome=Outcome.SKIPPED, reason=reason)
        return Line(result=Result(clause=clause, finding=unknown), contract_id=contract_id)
    return Line(
        result=Result(clause=clause, finding=found.finding, segment=found.segment),
        contract_id=contract_id,
        run_id=found.run_id,
        known_at=found.known_at,
        good=found.good,
        judged_at=found.judged_at,
    )


def _clauses(
    ports: Sequence[PortThen], known: Mapping[tuple[str, str], Known]
) -> Mapping[tuple[str, str], Standing]:
    refs = [
        ((port.version.contract_id, clause.key), clause, port)
        for port in ports
        for clause in port.promised.clauses
        if clause.executable
    ]
    return {ref: _stands(clause, port, known.get(ref)) for ref, clause, port in refs}


def _stands(clause: Clause, port: PortThen, known: Known | None) -> Standing:
    schedule = port.schedule
    return Standing(
        key=clause.key,
        severity=clause.severity,
        dimension=clause.dimension or Dimension.CONFORMITY,
        good=known.good if known else None,
        judged_at=known.judged_at if known else None,
        timetable=clause.timetable or port.promised.contract.timetable,
        anchor=schedule.anchor if schedule else None,
    )


def _dropped(key: str, at: datetime) -> Standing:
    """Return what caps a score; what the clause weighed plays no part in that."""
    return Standing(
        key=key,
        severity=Severity.HIGH,
        dimension=Dimension.CONFORMITY,
        good=False,
        dropped_at=at,
    )


def _unjudged(lines: Sequence[Line], lost: int) -> Unjudged:
    errored = [line.result.clause for line in lines if line.result.outcome is Outcome.ERRORED]
    blocking = sum(clause.blocking for clause in errored)
    return Unjudged(errored=len(errored), blocking=blocking, lost=lost)


def _run(run: Run, at: datetime) -> Run:
    """Return a run as it was at ``at``: what came later is taken away."""
    if run.finished is not None and run.finished <= at:
        return run
    unfinished = replace(
        run, finished=None, outcome=None, counts={}, seconds={}, error="", progress=None
    )
    if run.started is not None and run.started <= at:
        state = RunState.RUNNING if run.state.terminal else run.state
        return replace(unfinished, state=state)
    waited = max(0, run.attempt - 1)
    return replace(
        unfinished, state=RunState.QUEUED, started=None, attempt=waited, lease_until=None
    )
