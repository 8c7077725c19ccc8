"""Database URL -> engine, and the two ways into it: transactions that read, and that write."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Final

from sqlalchemy import Connection, Engine, NullPool, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
)

from store.errors import NestedWrite, StoreConflict, StoreError, StoreFull, StoreUnavailable
from store.forks import unforked
from store.memo import Commits, Memo
from store.ticket import PATIENCE, ticket

_WRITES: Final = "assay_writes"
_JOURNAL_BYTES: Final = 64 * 1024 * 1024
_KEPT: Final = 8  # connections that wait open for readers
_KEPT_FOR: Final = 30  # seconds until one is opened anew, so that a file put in place is found
# By SQLite, which needs some room for its index of the journal first, and by PostgreSQL.
_FULL: Final = frozenset({"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "53100"})
_thread: Final = threading.local()


def create_store_engine(url: str) -> Engine:
    """Return the engine for a database; nothing is opened yet.

    Args:
        url: Such as ``sqlite:////var/lib/assay/assay.db``, or as SQLAlchemy spells others.

    Raises:
        StoreError: the URL cannot be read, or names an SQLite database without a file.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed, pool_pre_ping=True)
    except (ArgumentError, ImportError) as error:
        raise StoreError(f"cannot use the database URL: {error}") from error
    if parsed.database in {None, "", ":memory:"}:
        raise StoreError("the database URL names no file; the store needs one")
    engine = create_engine(parsed, poolclass=NullPool, connect_args={"timeout": PATIENCE})
    return _with_our_transactions(engine)


def create_reading_engine(engine: Engine) -> Engine:
    """Return an engine whose connections stay open between reads.

    Opening one costs as much as several statements. For a process that reads much and never forks:
    no connection may be carried over a fork. Databases on a server have kept connections anyhow:
    their ``engine`` is returned as it is.
    """
    if engine.dialect.name != "sqlite":
        return engine
    kept = create_engine(
        engine.url,
        poolclass=QueuePool,
        pool_size=_KEPT,
        max_overflow=-1,
        pool_recycle=_KEPT_FOR,
        connect_args={"timeout": PATIENCE},
    )
    return _with_our_transactions(kept)


def create_memo(engine: Engine, reader: Engine) -> Memo | None:
    """Return what remembers what ``reader`` reads; None where only reading tells what is there.

    For a process that never forks, as ``create_reading_engine``.
    """
    database = database_file(engine)
    return None if database is None else Memo(Commits(database, reader.dispose).mark)


def _with_our_transactions(engine: Engine) -> Engine:
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: SqliteConnection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for setting in (
        "foreign_keys = ON",
        "synchronous = FULL",
        f"journal_size_limit = {_JOURNAL_BYTES}",
    ):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    # WAL is a property of the file: setting it belongs to writers, who come one at a time.
    writes = connection.get_execution_options().get(_WRITES, False)
    first, second = (
        ("PRAGMA journal_mode = WAL", "BEGIN IMMEDIATE")
        if writes
        else ("PRAGMA query_only = ON", "BEGIN")
    )
    connection.exec_driver_sql(first)
    connection.exec_driver_sql(second)


def database_file(engine: Engine) -> Path | None:
    """Return the absolute path of an SQLite database; None for databases on a server."""
    if engine.dialect.name != "sqlite" or engine.url.database is None:
        return None
    return Path(engine.url.database).absolute()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that sees one state of the database throughout, and can only read.

    Raises:
        StoreUnavailable: the database cannot be read.
        StoreError: a statement went wrong.
    """
    with _inside(engine), _translated(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that writes: committed when the block ends, rolled back when it raises.

    Raises:
        NestedWrite: this thread has one open already.
        StoreUnavailable: the database cannot be written; ``StoreFull``: there is no room.
        StoreConflict: a uniqueness or a reference would be broken.
        StoreError: a statement went wrong.
    """
    # Closed before the ticket is given back: the last to close folds the journal into the database.
    with _once(), _inside(engine), _turn(engine), _translated(), engine.connect() as opened:
        connection = opened.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


@contextmanager
def _once() -> Iterator[None]:
    if getattr(_thread, "writing", False):
        raise NestedWrite
    _thread.writing = True
    try:
        yield
    finally:
        _thread.writing = False


def _inside(engine: Engine) -> AbstractContextManager[object]:
    return unforked() if engine.dialect.name == "sqlite" else nullcontext()


def _turn(engine: Engine) -> AbstractContextManager[None]:
    database = database_file(engine)
    return nullcontext() if database is None else ticket(Path(f"{database}.ticket"))


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the library's errors into ours, here and nowhere else."""
    try:
        yield
    except IntegrityError as error:
        raise StoreConflict(_line(error)) from error
    except OperationalError as error:
        raise (StoreFull if _is_full(error) else StoreUnavailable)(_line(error)) from error
    except SQLAlchemyError as error:
        damaged = type(error) is DatabaseError  # such as a file that is no database
        raise (StoreUnavailable if damaged else StoreError)(_line(error)) from error


def _is_full(error: OperationalError) -> bool:
    names = (getattr(error.orig, name, None) for name in ("sqlite_errorname", "sqlstate"))
    return not _FULL.isdisjoint(names)


def _line(error: SQLAlchemyError) -> str:
    said = error.orig if isinstance(error, DBAPIError) else error
    return " ".join(str(said).split())
