"""Copies of a database that is being written, and putting them back."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine

from store.backup import Unusable, back_up, look, restore
from store.engine import create_store_engine, database_file, writing
from store.errors import StoreUnavailable
from store.migrate import configuration, head, revision
from store.sql_store import SqlStore
from tests.store.build import NOON, asked


@pytest.fixture
def database(engine: Engine) -> Path:
    found = database_file(engine)
    assert found is not None
    return found


@pytest.fixture
def backup(published: SqlStore, database: Path, tmp_path: Path) -> Path:
    """A backup with one run, of a database that has got another one since."""
    _add(published, "first")
    back_up(database, tmp_path / "backup.db")
    _add(published, "second")
    return tmp_path / "backup.db"


def _add(store: SqlStore, *keys: str) -> None:
    with store.write() as shelf:
        for key in keys:
            shelf.runs.add(asked(key))


def _keys(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        return {key for (key,) in connection.execute("SELECT dedupe_key FROM run")}


def _pairs(keys: set[str], half: str) -> set[str]:
    return {key.removesuffix(half) for key in keys if key.endswith(half)}


def _left(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir() if ".ticket" not in file.name}


def test_a_backup_is_one_whole_file_that_its_owner_alone_can_read(
    published: SqlStore, database: Path, tmp_path: Path
):
    _add(published, "a", "b")

    copy = back_up(database, tmp_path / "backup.db")

    file = tmp_path / "backup.db"
    assert copy == look(file)
    assert (copy.revision, copy.rows["contract"], copy.rows["run"]) == (head(), 1, 2)
    assert (file.stat().st_size, file.stat().st_mode & 0o777) == (copy.bytes, 0o600)


def test_what_is_committed_together_is_in_a_backup_together_while_writers_go_on(
    published: SqlStore, database: Path, tmp_path: Path
):
    stop = threading.Event()
    written: list[int] = []

    def write(name: str) -> None:
        number = 0
        while not stop.is_set():
            _add(published, f"{name} {number} left", f"{name} {number} right")
            number += 1
        written.append(number)

    writers = [threading.Thread(target=write, args=(name,)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    try:
        sizes = []
        for number in range(5):
            back_up(database, tmp_path / f"{number}.db")
            keys = _keys(tmp_path / f"{number}.db")
            assert _pairs(keys, "left") == _pairs(keys, "right")
            sizes.append(len(keys))
    finally:
        stop.set()
        for writer in writers:
            writer.join()

    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]
    assert sum(written) * 2 == len(_keys(database))


def test_a_restore_brings_back_what_was_and_keeps_what_is(
    backup: Path, database: Path, tmp_path: Path
):
    before, copy = restore(backup, database, now=NOON)

    assert before == database.with_name("assay.db.before-20260301T120000Z")
    assert _keys(database) == {"first"}
    assert _keys(before) == {"first", "second"}
    assert copy.rows["run"] == 1
    assert _left(tmp_path) == {"assay.db", before.name, "backup.db"}


def test_a_restore_into_an_empty_folder_keeps_nothing(backup: Path, tmp_path: Path):
    new = tmp_path / "new"
    new.mkdir()

    before, _ = restore(backup, new / "assay.db", now=NOON)

    assert before is None
    assert _keys(new / "assay.db") == {"first"}


def test_a_backup_of_an_older_release_is_migrated(backup: Path, database: Path):
    older = create_store_engine(f"sqlite:///{backup}")
    with writing(older) as connection:
        command.downgrade(configuration(connection), "0005")
    older.dispose()

    _, copy = restore(backup, database, now=NOON)

    assert copy.revision == head()
    assert revision(create_store_engine(f"sqlite:///{database}")) == head()
    assert revision(older) == "0005"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.write_bytes(file.read_bytes()[:90_000]), "malformed"),
        (lambda file: file.write_bytes(file.read_bytes()[:-4096]), "malformed|damaged"),
        (lambda file: file.write_bytes(b""), "no SQLite database"),
        (lambda file: file.write_bytes(b"SQLite format 3\0" + b"x" * 5000), "no whole backup"),
        (lambda file: file.with_name("backup.db-wal").write_bytes(b"x"), "copied in mid write"),
        (lambda file: _stamp(file, "9999"), "revision 9999, .* a newer one wrote it"),
        (lambda file: _say(file, "DELETE FROM alembic_version"), "never migrated"),
        (lambda file: _say(file, "DROP TABLE alembic_version"), "no such table"),
        (lambda file: file.unlink(), "cannot read"),
    ],
)
def test_what_is_no_whole_backup_is_refused_and_nothing_is_lost(
    backup: Path, database: Path, tmp_path: Path, spoil, said: str
):
    spoil(backup)
    there = _left(tmp_path)

    with pytest.raises(Unusable, match=said):
        restore(backup, database, now=NOON)

    assert _keys(database) == {"first", "second"}
    assert _left(tmp_path) == there


def _say(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(statement)


def _stamp(file: Path, number: str) -> None:
    _say(file, f"UPDATE alembic_version SET version_num = '{number}'")


def test_a_backup_that_fails_leaves_the_one_before(
    backup: Path, database: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    def damaged(file: Path) -> None:
        raise Unusable(f"{file} is damaged")

    monkeypatch.setattr("store.backup.look", damaged)

    with pytest.raises(Unusable):
        back_up(database, backup)

    assert _keys(backup) == {"first"}
    assert _left(tmp_path) == {"assay.db", "backup.db"}


def test_a_place_that_cannot_be_written_is_named(database: Path, tmp_path: Path):
    with pytest.raises(StoreUnavailable, match=r"cannot write .*nowhere.*: No such file"):
        back_up(database, tmp_path / "nowhere" / "backup.db")
