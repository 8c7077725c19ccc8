"""A PostgreSQL connection that only reads, sees one snapshot and limits each statement's time."""

import math
import os
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Final, TypeAlias

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus

from checks.dataset import Answer, Dialect, Parameters, Relation
from checks.errors import FailedStatement, StoppedQuery, UnreachableData
from checks.location import Address, Limits
from checks.sources.postgresql_cells import register
from checks.wording import fault

_CONNECT_SECONDS: Final = 10
_LOCK_SECONDS: Final = 5
_GRACE_SECONDS: Final = 1.0
_CANCEL_SECONDS: Final = 2.0
_ALWAYS: Final[Mapping[str, str | int]] = {
    "application_name": "assay",
    "client_encoding": "utf8",
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
_SETTINGS: Final = {
    # Nothing but PostgreSQL's own: a function or operator that somebody made beside the data would
    # run as the user of this connection. Every table is named with its schema.
    "search_path": "pg_catalog, pg_temp",
    # A policy that hides rows is an error, not fewer rows.
    "row_security": "off",
    "TimeZone": "'UTC'",
    "DateStyle": "'ISO, YMD'",
    "IntervalStyle": "'postgres'",
    "bytea_output": "'hex'",
    "standard_conforming_strings": "on",
    # Each of the many conditions would be compiled by each process, which costs more than it saves.
    "jit": "off",
}
_WHOLE: Final = "SAVEPOINT whole"
_BACK: Final = "ROLLBACK TO SAVEPOINT whole"
_AGAIN: Final = "RELEASE SAVEPOINT whole; SAVEPOINT whole"
_FAULTS: Final = (psycopg.Error, ValueError, TypeError, RecursionError)

Connection: TypeAlias = "psycopg.Connection[tuple[object, ...]]"


class PostgresSession:
    """One READ ONLY, REPEATABLE READ transaction: all statements see one state of the data.

    A statement that fails leaves the transaction as it was. All settings end with the transaction,
    so that a connection that a pool hands on afterwards keeps none.

    Raises:
        UnreachableData: there is no connection to be had.
    """

    dialect = Dialect.POSTGRES

    def __init__(self, address: Address, limits: Limits) -> None:
        self._seconds = limits.statement_seconds
        self._connection = _connect(address, limits)
        register(self._connection)
        try:
            self.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            self.run(_set({**_SETTINGS, **_timeouts(self._seconds)}))
            self.run(_WHOLE)
        except (FailedStatement, StoppedQuery) as error:
            self.close()
            raise UnreachableData(fault(error)) from error

    def run(self, statement: str, parameters: Parameters = ()) -> Answer:
        """Run one statement to its end and fetch all of its rows; see ``checks.dataset.Session``.

        What Python has no value for, such as a date ``infinity``, comes as PostgreSQL's text.
        """
        with self._watched() as late:
            try:
                return self._answer(statement, parameters)
            except _FAULTS as error:
                self._recover()
                if late.is_set() or _timed_out(error):
                    raise StoppedQuery(self._seconds) from error
                raise FailedStatement(primary(error)) from error

    def hold(self, tables: Iterable[Relation]) -> frozenset[Relation]:
        """Keep ``tables`` from being emptied or dropped until the end; to be called first of all.

        What cannot be locked so, such as a materialized view, or may not be read, is left as it is.

        Returns:
            Those that another session has locked against readers.
        """
        return frozenset(table for table in tables if not self._held(table))

    def _held(self, table: Relation) -> bool:
        try:
            self.run(f"LOCK TABLE {table} IN ACCESS SHARE MODE; {_AGAIN}")
        except FailedStatement as error:
            return not isinstance(error.__cause__, psycopg.errors.LockNotAvailable)
        return True

    def close(self) -> None:
        """End the transaction and let go of the connection."""
        with suppress(psycopg.Error, OSError):
            self._connection.close()

    def _answer(self, statement: str, parameters: Parameters) -> Answer:
        if "\0" in statement:
            raise ValueError(
                "the statement holds a NUL character, at which the server would end it"
            )
        with self._connection.cursor() as cursor:
            cursor.execute(statement, _bound(parameters))
            rows = cursor.fetchall() if cursor.description else []
            described = [(each.name, each.type_display) for each in cursor.description or ()]
        return Answer(description=described, rows=rows)

    def _recover(self) -> None:
        """Go back to the savepoint: it stays, and so does the snapshot."""
        if self._connection.info.transaction_status is TransactionStatus.INERROR:
            with suppress(psycopg.Error):
                self._connection.execute(_BACK)

    @contextmanager
    def _watched(self) -> Iterator[Event]:
        """An event that is set once the time is up, after which what runs inside is stopped."""
        ended, late = Event(), Event()
        watch = Thread(target=self._watch, args=(ended, late), daemon=True)
        watch.start()
        try:
            yield late
        finally:
            ended.set()
            watch.join()

    def _watch(self, ended: Event, late: Event) -> None:
        """The server stops a statement by itself; one that it does not is cancelled, then cut."""
        if ended.wait(self._seconds):
            return
        late.set()
        if ended.wait(_GRACE_SECONDS):
            return
        with suppress(psycopg.Error, OSError):
            self._connection.cancel_safe(timeout=_CANCEL_SECONDS)
        if not ended.wait(_GRACE_SECONDS):
            _hang_up(self._connection)


def primary(error: BaseException) -> str:
    """What the server says first: without hint, detail and the statement's text."""
    if isinstance(error, psycopg.Error) and error.diag.message_primary:
        return error.diag.message_primary
    return str(error) or type(error).__name__


def _connect(address: Address, limits: Limits) -> Connection:
    stated: dict[str, str | int | None] = {
        "host": address.host,
        "port": address.port,
        "dbname": address.database,
        "user": address.user,
        "password": address.password,
        "sslmode": address.tls,
        "connect_timeout": min(_CONNECT_SECONDS, math.ceil(limits.statement_seconds)),
        **_ALWAYS,
    }
    try:
        return psycopg.connect(
            make_conninfo("", **stated),
            autocommit=True,  # the transaction is begun by hand
            cursor_factory=psycopg.ClientCursor,
        )
    except (psycopg.Error, ValueError) as error:
        raise UnreachableData(fault(error)) from error


def _set(settings: Mapping[str, str]) -> str:
    return "; ".join(f"SET LOCAL {name} = {value}" for name, value in settings.items())


def _timeouts(seconds: float) -> Mapping[str, str]:
    """In milliseconds, at least 1, since 0 would mean no limit."""
    waiting = min(_LOCK_SECONDS, seconds / 2)
    limits = {"statement_timeout": seconds, "lock_timeout": waiting}
    return {name: str(max(1, round(limit * 1000))) for name, limit in limits.items()}


def _bound(parameters: Parameters) -> Sequence[object] | Mapping[str, object] | None:
    """None where there are none by position: then ``%`` is but a sign."""
    if isinstance(parameters, Mapping):
        return dict(parameters)
    return list(parameters) or None


def _timed_out(error: BaseException) -> bool:
    return isinstance(error, psycopg.errors.QueryCanceled) and "statement timeout" in str(error)


def _hang_up(connection: Connection) -> None:
    """Cut the line, so that whoever waits for an answer finds it broken."""
    with (
        suppress(psycopg.Error, OSError),
        socket.socket(fileno=os.dup(connection.fileno())) as line,
    ):
        line.shutdown(socket.SHUT_RDWR)
