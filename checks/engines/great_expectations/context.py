"""A throw-away context over a run's session: nothing on disk, on the net or on the screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final, Literal

import great_expectations as gx
import sqlalchemy as sa
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import (
    SqlAlchemyExecutionEngine,
)
from sqlalchemy.sql.elements import quoted_name
from typing_extensions import override

from checks.dataset import Relation, Session
from checks.engines.great_expectations.dialect import SessionDialect, create_engine

_PLACEHOLDER_URL: Final = "duckdb:///:memory:"
_TYPES: Final = [
    "BIGINT",
    "INTEGER",
    "SMALLINT",
    "VARCHAR",
    "DATE",
    "DECIMAL",
    "DOUBLE",
    "BOOLEAN",
    "TIMESTAMP",
    "TIME",
    "REAL",
    "NUMERIC",
]


class SessionExecutionEngine(SqlAlchemyExecutionEngine):
    """Asks through the one connection of a session, for as long as the run lasts."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine=engine, create_temp_table=False)
        # GX asks for patterns by REGEXP_MATCHES, as DuckDB has it, where it sees Dremio's dialect.
        types = {name: getattr(sa, name) for name in _TYPES}
        module = ModuleType("duckdb_types")
        vars(module).update(types, DremioDialect=True, dialect=SessionDialect)
        self.dialect_module = module

    @contextmanager
    @override
    def get_connection(self) -> Iterator[sa.Connection]:
        """The one connection; it stays open, since results are read after this ends."""
        if self._connection is None:
            self._connection = self.engine.connect()
        yield self._connection


class SessionDatasource(SQLDatasource):
    """A data source whose tables lie in the catalog schema that it is named for."""

    type: Literal["duckdb_session"] = "duckdb_session"  # type: ignore[assignment]  # GX keeps a word per class

    @property
    @override
    def schema_(self) -> str:
        """The catalog schema of its tables."""
        return self.name


class Batches:
    """Batches of the tables of one run, by catalog schema and name."""

    def __init__(self, session: Session) -> None:
        self._engine = create_engine(session)
        self._execution = SessionExecutionEngine(self._engine)
        self._context: EphemeralDataContext = gx.get_context(
            mode="ephemeral",
            project_config=DataContextConfig(
                store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
                progress_bars=ProgressBarsConfig(globally=False),
                analytics_enabled=False,
            ),
        )
        self._sources: dict[str, SQLDatasource] = {}
        self._definitions: dict[Relation, BatchDefinition[Any]] = {}

    def batch(self, relation: Relation) -> Any:  # noqa: ANN401 - gx.Batch has no public type
        """The whole of a relation as a batch."""
        known = self._definitions.get(relation)
        if known is None:
            source = self._sources.get(relation.schema) or self._add(relation.schema)
            name = quoted_name(relation.name, quote=True)
            asset = source.add_table_asset(relation.name, table_name=name)
            known = asset.add_batch_definition_whole_table("whole")
            self._definitions[relation] = known
        return known.get_batch()

    def close(self) -> None:
        """Let go of the engine; the session stays open."""
        self._execution.close()
        self._engine.dispose()

    def _add(self, schema: str) -> SQLDatasource:
        stated = SessionDatasource(name=schema, connection_string=_PLACEHOLDER_URL)
        source = self._context.add_datasource(datasource=stated)
        if not isinstance(source, SessionDatasource):
            raise TypeError(f"Great Expectations made a {type(source).__name__} of it")
        # GX builds both from the address; ours stand over the session. Pydantic guards assignment.
        object.__setattr__(source, "get_execution_engine", lambda: self._execution)
        object.__setattr__(source, "get_engine", lambda: self._engine)
        self._sources[schema] = source
        return source
