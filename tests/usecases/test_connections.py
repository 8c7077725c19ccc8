from dataclasses import replace
from pathlib import Path

import pytest

from access.errors import Forbidden
from checks import sources
from checks.location import Limits
from products.errors import InvalidConnection
from products.model import Connection, Database
from store.sql_store import SqlStore
from tests.cast import ADMIN, NOON, OWNER, VIEWER, Clock, Drawer
from tests.usecases.database import PASSWORD, PLACE, SALES
from usecases.connections import (
    Try,
    get_connection,
    list_connections,
    put_connection,
    try_connection,
)
from usecases.errors import NotFound

CLOCK = Clock(NOON)


@pytest.fixture(autouse=True)
def _database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sources._SOURCES, "postgresql", PLACE)


def put(store: SqlStore, connection: Connection) -> None:
    put_connection(store, connection, by=ADMIN, clock=CLOCK)


def tried(store: SqlStore, drawer: Drawer, *, seconds: float = 60.0) -> Try:
    limits = Limits(statement_seconds=seconds)
    return try_connection(store, "sales", by=ADMIN, secrets=drawer, limits=limits, clock=CLOCK)


def test_a_database_is_kept_and_shown_to_administrators_only(store: SqlStore):
    put(store, SALES)

    assert get_connection(store, "sales", by=ADMIN) == SALES
    assert list_connections(store, by=ADMIN) == (SALES,)
    bare = Connection(name="sales", source="postgresql")
    assert get_connection(store, "sales", by=VIEWER) == bare
    assert list_connections(store, by=OWNER) == (bare,)


def test_keeping_one_is_audited_with_its_reference(store: SqlStore):
    put(store, SALES)
    put(store, Connection(name="lake", source="files", roots=(Path("/a"), Path("/b"))))
    put(store, replace(SALES, database=Database(host="db", name="sales")))

    with store.read() as shelf:
        told = [event.detail for event, _ in shelf.audit.all()]
    assert told == [
        "postgresql: assay@db.example.org:5432/sales, tls prefer, secret env:SALES",
        "files: /a, /b",
        "postgresql: db:5432/sales, tls prefer, no secret",
    ]


def test_one_that_cannot_be_used_is_not_kept(store: SqlStore):
    with pytest.raises(InvalidConnection, match="known: files, postgresql"):
        put(store, Connection(name="far", source="ftp"))

    assert list_connections(store, by=ADMIN) == ()


def test_one_that_answers_can_be_read(store: SqlStore):
    put(store, SALES)

    answer = tried(store, Drawer(SALES=PASSWORD), seconds=3)

    assert answer == Try(
        name="sales", ok=True, detail="db.example.org answers within 3 s", seconds=0.0
    )


def test_a_try_takes_ten_seconds_at_most(store: SqlStore):
    put(store, SALES)

    assert tried(store, Drawer(SALES=PASSWORD)).detail.endswith("within 10 s")


@pytest.mark.parametrize(
    ("drawer", "detail"),
    [
        (Drawer(SALES="wrong-canary"), 'password authentication failed for user "assay"'),
        (Drawer(), "the secret 'env:SALES' cannot be read: the drawer is empty"),
    ],
)
def test_one_that_does_not_answer_is_told_why(store: SqlStore, drawer: Drawer, detail: str):
    put(store, SALES)

    answer = tried(store, drawer)

    assert (answer.ok, answer.detail) == (False, detail)


def test_a_fault_of_ours_is_told_by_its_kind(store: SqlStore):
    put(store, replace(SALES, database=Database(host="broken", name="sales")))

    answer = tried(store, Drawer())

    assert (answer.ok, answer.detail) == (False, "TypeError: a fault of ours")


def test_folders_are_looked_at(store: SqlStore, tmp_path: Path):
    lake = Connection(name="sales", source="files", roots=(tmp_path,))
    put(store, lake)
    there = tried(store, Drawer())
    put(store, replace(lake, roots=(tmp_path / "gone",)))
    gone = tried(store, Drawer())

    assert (there.ok, there.detail) == (True, "1 folder can be read")
    assert (gone.ok, gone.detail) == (False, f"{tmp_path / 'gone'} is no folder")


def test_only_an_administrator_tries_one_that_is_there(store: SqlStore):
    with pytest.raises(NotFound, match="no connection 'sales'"):
        tried(store, Drawer())
    with pytest.raises(Forbidden):
        try_connection(store, "sales", by=OWNER, secrets=Drawer(), limits=Limits(), clock=CLOCK)
