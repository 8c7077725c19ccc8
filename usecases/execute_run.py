"""Execute a queued run: claim it, judge, record once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks.attempt import Fault, attempt
from checks.model import Report
from contracts.clause import Clause
from contracts.model import Contract, Server
from products.model import Connection
from runs.agenda import of_lines
from runs.model import Claim, Run
from usecases.errors import NotFound, Unlocatable, UnreadableSecret
from usecases.judge import Judge, unjudged
from usecases.locate import choose_connection, locate
from usecases.ports import Shelf, Store
from usecases.ports.service import Secrets
from usecases.promised import read_promised
from usecases.record_run import record_run


def _once(write: Callable[[], bool]) -> bool:
    return write()


@dataclass(frozen=True, slots=True, kw_only=True)
class Executor:
    """What executing needs beside the store.

    Attributes:
        owner: Name of this process, for people who look.
        judge: Turns contract and location into a report; may raise.
        secrets: Reads the secret that a connection refers to.
        hold: Keeps a claim's lease alive while its block runs.
        lease: Length of the lease.
        public_url: Where the service is reached, for links in notices.
        clock: The time, UTC: that of whoever takes back runs whose lease is over.
        per_connection: Most runs at once over one connection; None: as many as come.
        persist: Does what records the run, again while the database is away; False where it gave
            up, so that the run is taken back and judged again.
    """

    owner: str
    judge: Judge
    secrets: Secrets
    hold: Callable[[Claim], AbstractContextManager[None]]
    lease: timedelta
    public_url: str
    clock: Callable[[], datetime]
    persist: Callable[[Callable[[], bool]], bool] = _once
    per_connection: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    run: Run
    contract: Contract
    promised: tuple[Clause, ...]
    way: tuple[Server, Connection] | None
    reason: str


def execute_run(store: Store, run_id: int, executor: Executor) -> bool:
    """Judge one run and record it; False when it was not ours to take, or not ours any more.

    A judge that raises leaves every clause errored with its reason: that run is recorded, too.
    """
    now = executor.clock()
    with store.write() as shelf:
        claim = shelf.runs.claim(
            run_id,
            owner=executor.owner,
            now=now,
            lease_until=now + executor.lease,
            per_connection=executor.per_connection,
        )
        work = None if claim is None else _prepare(shelf, run_id)
    if claim is None or work is None:
        return False
    with executor.hold(claim):
        report = _judge(work, executor)
    return executor.persist(lambda: _record(store, claim, work.run, report, executor))


def _record(store: Store, claim: Claim, run: Run, report: Report, executor: Executor) -> bool:
    with store.write() as shelf:
        return record_run(shelf, claim, run, report, url=executor.public_url, now=executor.clock())


def _prepare(shelf: Shelf, run_id: int) -> _Work:
    run = shelf.runs.get(run_id)
    body = None if run is None else shelf.contracts.body(run.contract_id, run.version)
    if run is None or body is None:
        raise NotFound("run", str(run_id))
    read = read_promised(body)
    contract = read.contract
    way, reason = None, ""
    try:
        way = choose_connection(contract, shelf.connections)
    except Unlocatable as error:
        reason = str(error)
    promised = of_lines(read.clauses, run.lines, own=contract.timetable)
    return _Work(run=run, contract=contract, promised=promised, way=way, reason=reason)


def _judge(work: _Work, executor: Executor) -> Report:
    if work.way is None:
        return unjudged(work.contract, work.promised, work.reason, executor.clock())
    server, connection = work.way
    try:
        location = locate(server, connection, executor.secrets)
    except UnreadableSecret:  # its reference is for administrators, a result is for everybody
        reason = (
            f"the secret of connection {connection.name!r} cannot be read by the worker; "
            "its log says why"
        )
        return unjudged(work.contract, work.promised, reason, executor.clock())
    report = attempt(lambda: executor.judge(work.contract, work.promised, location))
    if isinstance(report, Fault):
        return unjudged(work.contract, work.promised, str(report), executor.clock())
    return report
