"""A service of one product, for the time of a measurement: seeded, started, ended."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from access.model import Principal, Role
from checks.location import Location
from checks.model import Finding, Outcome, Report, Result
from contracts.clause import Clause
from contracts.model import Contract
from products.model import Connection
from runtime.clock import now
from store.engine import create_store_engine
from store.migrate import migrate
from store.sql_store import SqlStore
from tools.bench.children.start import ROOT, ChildFailed
from tools.bench.showroom import seed_card
from usecases.connections import put_connection
from usecases.execute_run import Executor, execute_run
from usecases.publish import publish
from usecases.request_run import request_run
from usecases.tokens import create_token

PRODUCT: Final = "sales.orders"
LARGE: Final = "bench.large"  # of 200 clauses, judged on each of 90 days
_ADMIN: Final = Principal(name="bench", role=Role.ADMIN)
_RUNS: Final = 10
_START: Final = 30.0  # seconds that the service may take to come up
_END: Final = 10.0  # seconds it may take to end before it is killed
CONTRACT: Final = """\
apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.0.0
status: active
domain: sales
dataProduct: orders
description: {purpose: One row per confirmed order.}
team: {name: checkout, members: [{username: checkout@example.org, role: owner}]}
servers:
  - server: deliveries
    type: local
    path: orders.parquet
    format: parquet
    customProperties: [{property: connection, value: warehouse}]
schema:
  - name: orders
    properties:
      - {name: order_id, logicalType: string, required: true, unique: true}
      - name: amount
        logicalType: number
        required: true
        logicalTypeOptions: {minimum: 0, maximum: 100000}
      - name: status
        logicalType: string
        required: true
        enum: [{value: open}, {value: done}]
      - {name: ordered_at, logicalType: timestamp, required: true}
    quality:
      - {id: some-rows, metric: rowCount, mustBeGreaterThan: 0}
      - {id: no-twins, metric: duplicateValues, mustBe: 0, arguments: {properties: [order_id]}}
customProperties:
  - {property: assaySchedule, value: every 10min}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A running service: where it listens on this machine, a token that opens it, its process."""

    port: int
    token: str
    process: int


@contextmanager
def served(settings: Mapping[str, str]) -> Iterator[Service]:
    """Start a service with one judged product and these settings; it ends with the block.

    Raises:
        ChildFailed: it did not come up.
    """
    with TemporaryDirectory(prefix="assay-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'assay.db'}"
        token = seed(url)
        port = _free_port()
        environment = {**os.environ, **settings, "ASSAY_DATABASE_URL": url}  # noqa: TID251 - a benchmark's child
        command = [sys.executable, "-m", "uvicorn", "--factory", "api.main:create"]
        command += ["--host", "127.0.0.1", "--port", str(port)]
        command += ["--log-level", "warning", "--no-access-log"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 - our own command
        try:
            _await(process, port)
            yield Service(port=port, token=token, process=process.pid)
        finally:
            _end(process)


def seed(url: str) -> str:
    """Fill a new database with a small product and a large one; returns a token to read them."""
    engine = create_store_engine(url)
    migrate(engine)
    store = SqlStore(engine)
    lake = Connection(name="warehouse", source="files", roots=(Path("/"),))
    put_connection(store, lake, by=_ADMIN, clock=now)
    publish(store, CONTRACT.encode(), by=_ADMIN, clock=now)
    executor = Executor(
        owner="bench",
        judge=_judge,
        secrets=_no_secret,
        hold=lambda _claim: nullcontext(),
        lease=timedelta(minutes=1),
        public_url="http://127.0.0.1",
        clock=now,
    )
    for _ in range(_RUNS):
        for run in request_run(store, PRODUCT, by=_ADMIN, clock=now):
            execute_run(store, run.id, executor)
    seed_card(store, now=now(), clauses=200, days=90)
    return create_token(store, _ADMIN, by=_ADMIN, clock=now)[1]


def _judge(contract: Contract, promised: Sequence[Clause], location: Location) -> Report:
    at = now()
    return Report(
        contract_id=contract.id,
        version=contract.version,
        server="deliveries",
        started=at,
        finished=at,
        results=tuple(
            Result(clause=clause, finding=Finding(outcome=_outcome(clause), rows=1_500_000))
            for clause in promised
        ),
    )


def _outcome(clause: Clause) -> Outcome:
    if clause.skipped:
        return Outcome.SKIPPED
    return Outcome.FAILED if clause.key.endswith("/enum") else Outcome.PASSED


def _no_secret(reference: str) -> str:
    raise LookupError(reference)


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
    return port


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/health/live")
            connection.getresponse().read()
            connection.close()
            return
        except OSError:
            time.sleep(0.05)
    raise ChildFailed("uvicorn", "the service did not come up")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
