"""Copies of an SQLite database, taken while it is written, and checked before use."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from store.engine import create_store_engine
from store.errors import StoreUnavailable
from store.migrate import known_revisions, migrate

_MODE: Final = 0o600  # it holds digests of tokens, and samples of data
_PAGES: Final = 2048  # copied at a time; in between, writers go on
_BESIDE: Final = ("-wal", "-shm")
_LEFT: Final = ("-journal", ".ticket", *_BESIDE)
_HEADER: Final = b"SQLite format 3\0"


class Unusable(StoreUnavailable):
    """A file is no whole backup of this service; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A checked copy: its size in bytes, its revision, and how many rows of each kind it holds."""

    bytes: int
    revision: str
    rows: dict[str, int]


def back_up(database: Path, target: Path) -> Copy:
    """Copy ``database`` as it is at one moment to ``target``, checked, while others write to it.

    What was at ``target`` is replaced at the very end, once the new copy was found to be whole.

    Raises:
        Unusable: the database is damaged; ``target`` is as it was.
        StoreUnavailable: the database cannot be read, or the copy cannot be written.
    """
    with _draft(target) as draft:
        try:
            with closing(_open(database)) as source, closing(sqlite3.connect(draft)) as copy:
                source.execute("BEGIN")  # one state throughout: else each write began it anew
                source.execute("SELECT count(*) FROM sqlite_master").fetchone()
                source.backup(copy, pages=_PAGES)
                copy.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            raise StoreUnavailable(f"cannot copy {database}: {error}") from error
        found = look(draft)
        _settle(draft, target)
    return found


def look(file: Path) -> Copy:
    """Check that ``file`` is a whole database of this service, and say what it holds.

    Raises:
        Unusable: it is none, it is damaged, or a newer release wrote it.
    """
    try:
        _must_look_like_one(file)
        with closing(_open(file, alone=True)) as connection:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            if said != ["ok"]:
                raise Unusable(f"{file} is damaged: {'; '.join(said)}")
            revision = _revision(connection, file)
            rows = {
                table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
                for table in ("contract", "run", "result", "incident")
            }
    except OSError as error:
        raise Unusable(f"cannot read {file}: {error.strerror}") from error
    except sqlite3.Error as error:
        raise Unusable(f"{file} is no whole backup of Assay: {error}") from error
    return Copy(bytes=file.stat().st_size, revision=revision, rows=rows)


def restore(backup: Path, database: Path, *, now: datetime) -> tuple[Path | None, Copy]:
    """Put ``backup``, brought to this release, in the place of ``database``.

    Nobody may have the database open.

    Returns:
        Where the database before is kept, None when there was none; and what was put in place.

    Raises:
        Unusable: ``backup`` is no whole backup; nothing was changed.
        StoreUnavailable: a file cannot be written; the database is as it was.
    """
    look(backup)
    with _draft(database) as draft:
        try:
            shutil.copyfile(backup, draft)
        except OSError as error:
            raise StoreUnavailable(f"cannot write {draft}: {error.strerror}") from error
        _bring(draft)
        found = look(draft)
        _belong_as(database, draft)
        kept = _set_aside(database, now)
        _settle(draft, database)
    return kept, found


def _bring(draft: Path) -> None:
    engine = create_store_engine(f"sqlite:///{draft}")
    try:
        migrate(engine)
    finally:
        engine.dispose()


def _must_look_like_one(file: Path) -> None:
    with file.open("rb") as opened:
        if opened.read(len(_HEADER)) != _HEADER:
            raise Unusable(f"{file} is no SQLite database")
    journal = Path(f"{file}-wal")
    if journal.exists() and journal.stat().st_size:
        raise Unusable(f"{file} is in use, or was copied in mid write: {journal.name} is beside it")


def _open(file: Path, *, alone: bool = False) -> sqlite3.Connection:
    """Open a database that is there; nobody else has one that is ``alone``."""
    mode = "mode=ro&immutable=1" if alone else "mode=rw"
    return sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True, isolation_level=None)


def _revision(connection: sqlite3.Connection, file: Path) -> str:
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        raise Unusable(f"{file} was never migrated: it is no database of Assay")
    if row[0] not in known_revisions():
        raise Unusable(
            f"{file} is at revision {row[0]}, which this release does not know; "
            "a newer one wrote it, and can read it"
        )
    return str(row[0])


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Give a file beside ``target`` that only its owner can read; gone if it was not settled."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, _MODE))
    except OSError as error:
        raise StoreUnavailable(f"cannot write {draft}: {error.strerror}") from error
    try:
        yield draft
    finally:
        for end in ("", *_LEFT):
            Path(f"{draft}{end}").unlink(missing_ok=True)


def _settle(draft: Path, target: Path) -> None:
    """Let the finished draft become ``target``, so that a loss of power leaves one or the other."""
    try:
        _sync(draft, os.O_RDWR)
        draft.replace(target)
        _sync(target.parent, os.O_RDONLY)
    except OSError as error:
        raise StoreUnavailable(f"cannot write {target}: {error.strerror}") from error


def _sync(file: Path, flags: int) -> None:
    opened = os.open(file, flags)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _belong_as(database: Path, draft: Path) -> None:
    """Let whoever could use the database before use the new one, also when root restores it."""
    if not database.exists():
        return
    was = database.stat()
    draft.chmod(was.st_mode & 0o777)
    with contextlib.suppress(PermissionError):  # only root gives files away
        os.chown(draft, was.st_uid, was.st_gid)


def _set_aside(database: Path, now: datetime) -> Path | None:
    if not database.exists():
        return None
    damaged = contextlib.suppress(sqlite3.Error)  # it is kept as it is
    with damaged, closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = database.with_name(f"{database.name}.before-{now:%Y%m%dT%H%M%SZ}")
    try:
        for end in ("", *_BESIDE):
            file = Path(f"{database}{end}")
            if file.exists():
                file.replace(f"{kept}{end}")
    except OSError as error:
        raise StoreUnavailable(f"cannot keep {database} beside: {error.strerror}") from error
    return kept
