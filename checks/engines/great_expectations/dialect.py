"""SQLAlchemy's words for DuckDB and PostgreSQL, over a run's own session.

Both are PostgreSQL's dialect without the questions that it asks a new connection. Columns are
reflected from what the source found when it opened the data, so that no catalogue is asked: DuckDB
lacks most of PostgreSQL's, and it would be one statement more for each table.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from types import SimpleNamespace
from typing import Any, ClassVar, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.base import PGDialect, PGIdentifierPreparer
from sqlalchemy.engine.interfaces import ReflectedColumn, ReflectedPrimaryKeyConstraint
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import TypeEngine
from typing_extensions import override

from checks.dataset import Dataset, Dialect, Relation, Table
from checks.engines.great_expectations.connection import SessionConnection
from checks.engines.great_expectations.selectables import SCHEMA, relation_names

Known: TypeAlias = Mapping[tuple[str | None, str], list[ReflectedColumn]]
"""Columns of each relation, by its schema and name."""

_URLS: Final = {Dialect.DUCKDB: "duckdb+session://", Dialect.POSTGRES: "postgresql+session://"}
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
    "DECIMAL": sa.DECIMAL,
    "FLOAT": sa.REAL,
    "DOUBLE": sa.DOUBLE,
    "BOOLEAN": sa.BOOLEAN,
    "VARCHAR": sa.VARCHAR,
    "BLOB": sa.BLOB,
    "DATE": sa.DATE,
    "TIME": sa.TIME,
}
_DECIMAL: Final = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")


class DriverError(Exception):
    """Stands where a driver has the base of its own errors; a session raises none of them."""


class QuotingPreparer(PGIdentifierPreparer):
    """Quotes every name: which words are reserved differs by database and version."""

    @override
    def _requires_quotes(self, value: str) -> bool:
        return True


class SessionDialect(PGDialect):
    """What both have in common."""

    driver = "session"
    supports_statement_cache = True
    preparer = QuotingPreparer
    known: ClassVar[Known] = {}

    @classmethod
    @override
    def import_dbapi(cls) -> Any:
        """What SQLAlchemy asks of a driver's module."""
        return SimpleNamespace(Error=DriverError, paramstyle=cls.default_paramstyle)

    @override
    def initialize(self, connection: sa.Connection) -> None:
        """Ask nothing."""

    @override
    def on_connect(self) -> None:
        """Change nothing."""

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
        """The columns of a relation, in order.

        Raises:
            NoSuchTableError: there is no such relation.
        """
        found = self.known.get((schema, str(table_name)))
        if found is None:
            raise sa.exc.NoSuchTableError(table_name)
        return found

    @override
    def get_multi_columns(  # type: ignore[override]  # what is reflected here needs no more
        self,
        connection: sa.Connection,
        *,
        schema: str | None = None,
        filter_names: Iterable[str] | None = None,
        **_: Any,
    ) -> list[tuple[tuple[str | None, str], list[ReflectedColumn]]]:
        """The columns of several relations, each by schema and name."""
        return [
            ((schema, name), self.get_columns(connection, name, schema))
            for name in filter_names or ()
        ]

    @override
    def get_pk_constraint(
        self, connection: sa.Connection, table_name: str, schema: str | None = None, **_: Any
    ) -> ReflectedPrimaryKeyConstraint:
        """None: no judging needs it."""
        return {"constrained_columns": [], "name": None}


class DuckDBDialect(SessionDialect):
    """DuckDB's SQL, which is PostgreSQL's where expectations are put to it."""

    name = "duckdb"
    default_paramstyle = "numeric_dollar"
    supports_statement_cache = True
    div_is_floordiv = False


class PostgresDialect(SessionDialect):
    """PostgreSQL's SQL, with parameters as psycopg marks them."""

    default_paramstyle = "pyformat"
    supports_statement_cache = True


def create_engine(dataset: Dataset) -> sa.Engine:
    """A SQLAlchemy engine whose one connection is the session of ``dataset``."""
    session = dataset.session
    engine = sa.create_engine(
        _URLS[session.dialect], creator=lambda: SessionConnection(session), poolclass=StaticPool
    )
    vars(engine.dialect)["known"] = known(dataset.tables.values())
    return engine


def known(tables: Collection[Table]) -> Known:
    """The columns of every relation of ``tables``, by what it is called before GX."""
    called = relation_names(tables)
    found: dict[tuple[str | None, str], list[ReflectedColumn]] = {}
    for table in tables:
        for relation in dict.fromkeys((table.judged, table.typed)):
            found[SCHEMA, called[relation]] = list(_columns(table, relation))
    return found


def _columns(table: Table, relation: Relation) -> Iterable[ReflectedColumn]:
    there = table.columns.values()
    cells = [(column.name, column.type) for column in there]
    if relation != table.typed:
        cells += [(column.delivered, column.source_type) for column in there if column.parsed]
    for name, type_ in cells:
        yield ReflectedColumn(name=name, type=reflected(type_), nullable=True, default=None)


def reflected(type_: str) -> TypeEngine[Any]:
    """SQLAlchemy's type for one that DuckDB spells ``type_``."""
    if decimal := _DECIMAL.fullmatch(type_):
        return sa.DECIMAL(int(decimal[1]), int(decimal[2]))
    if type_.startswith("TIMESTAMP"):
        return sa.TIMESTAMP(timezone="TIME ZONE" in type_)
    return _TYPES.get(type_, sa.types.NullType)()


registry.register("duckdb.session", __name__, "DuckDBDialect")
registry.register("postgresql.session", __name__, "PostgresDialect")
