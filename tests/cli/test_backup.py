import sqlite3
from contextlib import closing

import pytest

from runtime.folder import occupied
from tests.store.build import publish

SERVER = "postgresql+psycopg://me:open-sesame-canary@db.example.org:5433/assay"


@pytest.fixture
def kept(store, tmp_path):
    """An embedded database in ``tmp_path`` with one contract."""
    with store.write() as shelf:
        publish(shelf)
    return tmp_path


def _contracts(file):
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT count(*) FROM contract").fetchone()[0]


def test_a_backup_says_what_is_in_it_and_what_is_not(assay, kept):
    done = assay("backup", "b.db", "--data", str(kept))

    assert (done.status, done.err) == (0, "")
    first, holds, left_out = done.out.splitlines()
    assert first.startswith("backup whole: b.db, 0.")
    assert holds == "holds      1 contract, 0 runs, 0 results, 0 incidents"
    assert left_out.startswith("not in it  secrets, which stay where their references point")
    assert _contracts(kept / "b.db") == 1


def test_what_is_there_is_replaced_only_by_force(assay, kept):
    (kept / "b.db").write_text("precious")

    refused = assay("backup", "b.db", "--data", str(kept))
    assert (kept / "b.db").read_text() == "precious"
    forced = assay("backup", "b.db", "--data", str(kept), "--force", "--format", "json")

    assert refused.status == 2
    assert "replace it with --force" in refused.err
    assert forced.document["rows"]["contract"] == 1


def test_the_database_itself_is_no_place_for_a_backup(assay, kept):
    over = assay("backup", "assay.db", "--data", str(kept), "--force")
    back = assay("restore", "assay.db", "--data", str(kept))

    assert (over.status, back.status) == (2, 2)
    assert _contracts(kept / "assay.db") == 1


def test_a_backup_comes_back_and_what_was_there_is_kept_beside(assay, kept):
    assay("backup", "b.db", "--data", str(kept))

    done = assay("restore", "b.db", "--data", str(kept), "--format", "json")

    assert done.status == 0
    assert _contracts(done.document["before"]) == _contracts(kept / "assay.db") == 1


def test_nothing_is_restored_under_a_running_service(assay, kept):
    assay("backup", "b.db", "--data", str(kept))

    with occupied(kept):
        done = assay("restore", "b.db", "--data", str(kept))

    assert done.status == 4
    assert "already runs on" in done.err
    assert "stop it" in done.err


def test_a_truncated_backup_is_one_line(assay, kept):
    assay("backup", "b.db", "--data", str(kept))
    whole = (kept / "b.db").read_bytes()
    (kept / "b.db").write_bytes(whole[: len(whole) // 2])

    done = assay("restore", "b.db", "--data", str(kept))

    assert (done.status, done.out, done.err.count("\n")) == (4, "", 1)
    assert _contracts(kept / "assay.db") == 1


def test_a_backup_that_is_not_there_is_named(assay, kept):
    done = assay("restore", "b.db", "--data", str(kept))

    assert (done.status, done.err) == (4, "assay: no file at b.db\n")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            "backup",
            "pg_dump --format=custom --file=b.db --host=db.example.org --port=5433 --username=me",
        ),
        (
            "restore",
            "--single-transaction --host=db.example.org --port=5433 --username=me --dbname=assay b",
        ),
    ],
)
def test_a_server_has_its_own_program_and_the_password_is_not_told(
    assay, monkeypatch, command, told
):
    monkeypatch.setenv("ASSAY_DATABASE_URL", SERVER)

    done = assay(command, "b.db")

    assert done.status == 2
    assert told in done.err
    assert "open-sesame-canary" not in done.err
