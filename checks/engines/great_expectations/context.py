"""A throw-away context over a run's session: nothing on disk, on the net or on the screen."""

from typing import Any, Final, Literal

import great_expectations as gx
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource, TableAsset
from great_expectations.validator import validation_graph
from sqlalchemy.sql.elements import quoted_name
from typing_extensions import override

from checks.dataset import Dataset, Relation
from checks.engines.great_expectations.execution import SessionExecutionEngine
from checks.engines.great_expectations.selectables import SCHEMA

_PLACEHOLDER_URL: Final = "duckdb:///:memory:"


# Else the first progress bar, though it is shown nowhere, starts a thread that never ends.
validation_graph.tqdm.monitor_interval = 0  # type: ignore[attr-defined]  # GX imports it there


class SessionTable(TableAsset):
    """A relation that the source has opened, so that nobody needs to try whether it is there."""

    @override
    def test_connection(self) -> None:
        """Ask nothing."""


class SessionDatasource(SQLDatasource):
    """A data source whose tables are called as ``selectables.relation_names`` calls them."""

    type: Literal["assay_session"] = "assay_session"  # type: ignore[assignment]  # GX keeps a word per class

    @property
    @override
    def schema_(self) -> str:
        """What the schema of its tables is called."""
        return SCHEMA


class Batches:
    """Batches of the relations of one run."""

    def __init__(self, dataset: Dataset) -> None:
        self.execution = SessionExecutionEngine(dataset)
        self._context: EphemeralDataContext = gx.get_context(
            mode="ephemeral",
            project_config=DataContextConfig(
                store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
                progress_bars=ProgressBarsConfig(globally=False),
                analytics_enabled=False,
            ),
        )
        # It would write its settings as YAML for each table, and read them never.
        vars(self._context)["_save_project_config"] = lambda: None
        self._source = self._added()
        self._definitions: dict[Relation, BatchDefinition[Any]] = {}

    def batch(self, relation: Relation) -> Any:  # noqa: ANN401 - gx.Batch has no public type
        """The whole of a relation as a batch."""
        known = self._definitions.get(relation)
        if known is None:
            name = self.execution.called[relation]
            asset = self._source.add_table_asset(name, table_name=quoted_name(name, quote=True))
            known = asset.add_batch_definition_whole_table("whole")
            self._definitions[relation] = known
        return known.get_batch()

    def close(self) -> None:
        """Let go of the engine; the session stays open."""
        self.execution.close()

    def _added(self) -> SQLDatasource:
        stated = SessionDatasource(name=SCHEMA, connection_string=_PLACEHOLDER_URL)
        source = self._context.add_datasource(datasource=stated)
        if not isinstance(source, SessionDatasource):
            raise TypeError(f"Great Expectations made a {type(source).__name__} of it")
        # GX builds both from the address; ours stand over the session. Pydantic guards assignment.
        object.__setattr__(source, "get_execution_engine", lambda: self.execution)
        object.__setattr__(source, "get_engine", lambda: self.execution.engine)
        object.__setattr__(source, "_TableAsset", SessionTable)
        return source
