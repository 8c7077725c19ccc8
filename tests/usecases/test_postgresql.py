"""From a named connection to a verdict, on a real PostgreSQL; and one that refuses a password."""

import re
import socket
import struct
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from checks.location import Limits
from checks.model import Outcome, Result
from contracts.clause import Kind
from contracts.model import Contract
from contracts.parse import parse
from products.model import Connection, Database
from tests.cast import ADMIN, ORDERS, Clock, Drawer
from tests.checks.postgres import ADDRESS, LIMITS, Postgres, made
from tests.usecases.database import PASSWORD, SALES
from usecases.connections import put_connection, try_connection
from usecases.execute_run import Executor, execute_run
from usecases.history import run_detail
from usecases.judge import judge_locally, judge_with
from usecases.publish import publish
from usecases.request_run import request_run

pytestmark = pytest.mark.enable_socket
DOCUMENT = Path(__file__).parents[2] / "docs" / "connections.md"
TLS_WANTED, GSS_WANTED = 80877103, 80877104  # as the frontend asks for them
START, END = ORDERS.index("servers:"), ORDERS.index("schema:")


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    yield from made()


@pytest.fixture
def orders(postgres: Postgres) -> Postgres:
    """A table that keeps every promise."""
    postgres.run("CREATE TABLE orders AS SELECT 1::int AS id, 'open'::text AS status")
    return postgres


def contract(schema: str) -> str:
    servers = (
        f"  - {{server: sales, type: postgresql, host: {ADDRESS.host}, port: {ADDRESS.port}, "
        f"database: {ADDRESS.database}, schema: {schema}, "
        "customProperties: [{property: connection, value: sales}]}\n"
        "  - {server: far, type: postgresql, host: far.invalid, database: d, schema: s, port: 1}\n"
    )
    return f"{ORDERS[:START]}servers:\n{servers}{ORDERS[END:]}"


def connection(user: str) -> Connection:
    database = Database(
        host=ADDRESS.host or "", port=ADDRESS.port or 0, name=ADDRESS.database or "", user=user
    )
    return Connection(name="sales", source="postgresql", database=database)


def granted(postgres: Postgres) -> str:
    """Do what the document tells, in the schema of this test, and return the role it makes."""
    found = re.search(r"```sql\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert found is not None
    role = f"{postgres.schema}_documented"
    told = (
        found[1].replace("assay_reader", role).replace("SCHEMA public", f"SCHEMA {postgres.schema}")
    )
    with postgres.alone():
        for statement in told.replace("DATABASE sales", f"DATABASE {ADDRESS.database}").split(
            ";\n"
        ):
            if statement:
                postgres.run(statement)
            postgres.readers = [role]
    return role


def rows_counted(results: Iterable[Result]) -> Outcome:
    return next(each.outcome for each in results if each.clause.kind is Kind.ROW_COUNT)


@pytest.mark.integration
def test_a_role_made_as_documented_can_read_and_only_read(orders: Postgres, world):
    role = granted(orders)
    put_connection(world.store, connection(role), by=ADMIN, clock=world.clock)
    publish(world.store, contract(orders.schema).encode(), by=ADMIN, clock=world.clock)
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)

    executor: Executor = replace(world.executor(), judge=judge_with(LIMITS, world.clock))
    execute_run(world.store, 1, executor)

    results = run_detail(world.store, 1, by=ADMIN).results
    assert rows_counted(results) == Outcome.PASSED
    assert Outcome.ERRORED not in {result.outcome for result in results}
    with pytest.raises(psycopg.Error, match="permission denied"):
        orders.run(f"SET ROLE {role}", "DELETE FROM orders")
    orders.run("RESET ROLE")


@pytest.mark.integration
def test_trying_a_connection_tells_who_answers(orders: Postgres, store, clock: Clock):
    put_connection(store, connection(granted(orders)), by=ADMIN, clock=clock)

    answer = try_connection(store, "sales", by=ADMIN, secrets=Drawer(), limits=LIMITS, clock=clock)

    assert answer.ok
    assert answer.detail.startswith("PostgreSQL ")


@pytest.mark.integration
def test_a_producer_checks_a_database_as_whom_the_client_says(
    orders: Postgres, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("PGUSER", granted(orders))
    found: Contract = parse(contract(orders.schema).encode())

    report = judge_locally(found, server=None, folder=tmp_path, limits=LIMITS, clock=clock)

    assert (rows_counted(report.results), report.server) == (Outcome.PASSED, "sales")


class Doorkeeper:
    """Speaks just enough of PostgreSQL's protocol 3 to ask for a password and to refuse it."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._keep, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _keep(self) -> None:
        guest, _ = self._door.accept()
        with guest:
            while self._asked(guest) in {TLS_WANTED, GSS_WANTED}:
                guest.sendall(b"N")
            guest.sendall(struct.pack("!cII", b"R", 8, 3))  # a password in clear text
            self.heard.append(guest.recv(1000))
            said = b'SFATAL\0C28P01\0Mpassword authentication failed for user "assay"\0\0'
            guest.sendall(struct.pack("!cI", b"E", 4 + len(said)) + said)

    def _asked(self, guest: socket.socket) -> int:
        length, code = struct.unpack("!II", guest.recv(8))
        if length > 8:
            guest.recv(length - 8)
        return int(code)


@pytest.fixture
def doorkeeper() -> Iterator[Doorkeeper]:
    keeper = Doorkeeper()
    yield keeper
    keeper.close()


def test_a_password_that_a_server_refuses_is_not_quoted(store, clock, doorkeeper: Doorkeeper):
    database = Database(
        host="127.0.0.1",
        port=doorkeeper.port,
        name="sales",
        user="assay",
        secret="env:SALES",  # noqa: S106
    )
    put_connection(store, replace(SALES, database=database), by=ADMIN, clock=clock)

    answer = try_connection(
        store, "sales", by=ADMIN, secrets=Drawer(SALES=PASSWORD), limits=Limits(), clock=clock
    )

    assert PASSWORD.encode() in doorkeeper.heard[0]
    assert not answer.ok
    assert "password authentication failed" in answer.detail
    assert "canary" not in answer.detail
