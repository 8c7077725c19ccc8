"""``assay audit verify``."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from access.record import AuditEvent
from store.engine import create_store_engine
from store.sql_store import SqlStore
from tests.cast import NOON

LOST = "f" * 64


@pytest.fixture
def data(tmp_path: Path, database: str) -> Path:
    """A data folder whose log has three entries."""
    folder = Path(database.removeprefix("sqlite:///")).parent
    store = SqlStore(create_store_engine(database))
    for number in range(3):
        with store.write() as shelf:
            event = AuditEvent(at=NOON, actor="ada", action="test", subject=f"x/{number}")
            shelf.audit.append(event)
    return folder


def change(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / "assay.db")) as connection, connection:
        connection.execute(statement)


def test_a_log_that_nobody_touched_is_whole(assay, data: Path):
    done = assay("audit", "verify", "--data", str(data))

    told, head = done.out.splitlines()
    assert (done.status, told) == (0, "whole 3 entries")
    again = assay("audit", "verify", "--data", str(data), "--head", head.removeprefix("head: "))
    assert again.status == 0


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE audit_event SET actor = 'eve' WHERE id = 2", 2),
        ("DELETE FROM audit_event WHERE id = 1", 1),
    ],
)
def test_what_was_changed_or_taken_out_is_found(assay, data: Path, statement: str, place: int):
    change(data, statement)

    done = assay("audit", "verify", "--data", str(data), "--format", "json")

    assert (done.status, done.document["whole"], done.document["broken_at"]) == (1, False, place)


def test_what_was_cut_off_at_the_end_is_found_by_a_hash_that_was_kept(assay, data: Path):
    head = assay("audit", "verify", "--data", str(data), "--format", "json").document["head"]
    change(data, "DELETE FROM audit_event WHERE id = 3")

    assert assay("audit", "verify", "--data", str(data)).status == 0
    done = assay("audit", "verify", "--data", str(data), "--head", head)
    assert (done.status, done.out) == (
        1,
        "broken the hash that was kept is not in the log: entries are gone\n",
    )


def test_without_a_database_there_is_nothing_to_prove(assay, tmp_path: Path):
    assert assay("audit", "verify", "--data", str(tmp_path / "none")).status == 4
