"""SQLAlchemy over a run's own session: each statement is locked in and time-limited as all others.

duckdb-engine's dialect reflects columns through PostgreSQL's catalogue, which DuckDB does not have
in full; this one asks information_schema. Statements run outside transactions, so that one which
fails spoils none after it, and rows are fetched at once, since Great Expectations closes
connections before it reads them.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Final

import duckdb_engine
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import TypeEngine
from typing_extensions import override

from checks.dataset import Session
from checks.errors import FailedStatement, StoppedQuery

_URL: Final = "duckdb+session://"
_TYPES: Final[dict[str, type[TypeEngine[Any]]]] = {
    "TINYINT": sa.SMALLINT,
    "SMALLINT": sa.SMALLINT,
    "INTEGER": sa.INTEGER,
    "BIGINT": sa.BIGINT,
    "HUGEINT": sa.NUMERIC,
    "UTINYINT": sa.SMALLINT,
    "USMALLINT": sa.INTEGER,
    "UINTEGER": sa.BIGINT,
    "UBIGINT": sa.NUMERIC,
    "FLOAT": sa.REAL,
    "DOUBLE": sa.DOUBLE,
    "BOOLEAN": sa.BOOLEAN,
    "VARCHAR": sa.VARCHAR,
    "BLOB": sa.BLOB,
    "DATE": sa.DATE,
    "TIME": sa.TIME,
}
_DECIMAL: Final = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")
_COLUMNS: Final = sa.text(
    "SELECT column_name, data_type, is_nullable FROM information_schema.columns "
    "WHERE table_name = :name AND table_schema = coalesce(:schema, 'main') "
    "ORDER BY ordinal_position"
)


class SessionCursor:
    """A DBAPI cursor that has fetched all its rows before ``execute`` returns."""

    arraysize = 1
    rowcount = -1
    lastrowid = None

    def __init__(self, session: Session, connection: "SessionConnection") -> None:
        self._session = session
        self.connection = connection
        self._rows: list[tuple[object, ...]] = []
        self.description: Sequence[tuple[object, ...]] | None = None

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> None:
        """Run ``statement`` to its end."""
        self.connection.refuse_again(statement, parameters)
        try:
            answer = self._session.run(statement, parameters)
        except StoppedQuery as error:
            self.connection.stopped[statement, tuple(parameters)] = error
            raise
        except FailedStatement as error:
            raise (error.__cause__ or error) from None  # SQLAlchemy knows the driver's own errors
        unknown = (None,) * 5  # sizes and so on, which the DBAPI lets a driver leave open
        self.description = [(*column, *unknown) for column in answer.description] or None
        self._rows = list(answer.rows)

    def fetchone(self) -> tuple[object, ...] | None:
        """The next row; None after the last."""
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int = 1) -> list[tuple[object, ...]]:
        """The next ``size`` rows, or as many as are left."""
        taken, self._rows = self._rows[:size], self._rows[size:]
        return taken

    def fetchall(self) -> list[tuple[object, ...]]:
        """All rows that are left."""
        return self.fetchmany(len(self._rows))

    def close(self) -> None:
        """Forget the rows."""
        self._rows = []


class SessionConnection:
    """A DBAPI connection over a session that outlives it. It only reads: it has no transactions."""

    notices: ClassVar[list[str]] = []

    def __init__(self, session: Session) -> None:
        self._session = session
        self.stopped: dict[tuple[str, tuple[object, ...]], StoppedQuery] = {}

    def refuse_again(self, statement: str, parameters: Sequence[object]) -> None:
        """Raise anew what stopped a statement before: GX asks up to three times, each as long."""
        if error := self.stopped.get((statement, tuple(parameters))):
            raise error

    def cursor(self) -> SessionCursor:
        """A cursor over the session."""
        return SessionCursor(self._session, self)

    def commit(self) -> None:
        """Do nothing."""

    def rollback(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing: the session belongs to the run."""


class SessionDialect(duckdb_engine.Dialect):
    """DuckDB's SQL, reflected by information_schema."""

    driver = "session"
    supports_statement_cache = True

    @override
    def do_begin(self, _connection: Any) -> None:
        """Begin no transaction."""

    @override
    def do_rollback(self, _connection: Any) -> None:
        """There is nothing to roll back."""

    @override
    def do_commit(self, _connection: Any) -> None:
        """There is nothing to commit."""

    @override
    def get_columns(
        self,
        connection: sa.Connection,
        table_name: str,
        schema: str | None = None,
        **_: Any,
    ) -> list[ReflectedColumn]:
        """The columns of a view, in order.

        Raises:
            NoSuchTableError: there is no such view.
        """
        found = connection.execute(_COLUMNS, {"name": str(table_name), "schema": schema}).all()
        if not found:
            raise sa.exc.NoSuchTableError(table_name)
        return [
            ReflectedColumn(
                name=name, type=reflected(type_), nullable=nullable == "YES", default=None
            )
            for name, type_, nullable in found
        ]

    @override
    def get_multi_columns(  # type: ignore[override]  # what is reflected here needs no more
        self,
        connection: sa.Connection,
        *,
        schema: str | None = None,
        filter_names: Iterable[str] | None = None,
        **_: Any,
    ) -> list[tuple[tuple[str | None, str], list[ReflectedColumn]]]:
        """The columns of several views, each by schema and name."""
        return [
            ((schema, name), self.get_columns(connection, name, schema))
            for name in filter_names or ()
        ]


def reflected(type_: str) -> TypeEngine[Any]:
    """SQLAlchemy's type for one that DuckDB spells ``type_``."""
    if decimal := _DECIMAL.fullmatch(type_):
        return sa.DECIMAL(int(decimal[1]), int(decimal[2]))
    if type_.startswith("TIMESTAMP"):
        return sa.TIMESTAMP(timezone="TIME ZONE" in type_)
    return _TYPES.get(type_, sa.types.NullType)()


def create_engine(session: Session) -> sa.Engine:
    """A SQLAlchemy engine whose one connection is ``session``."""
    return sa.create_engine(_URL, creator=lambda: SessionConnection(session), poolclass=StaticPool)


registry.register("duckdb.session", __name__, "SessionDialect")
