"""Great Expectations' metrics over a run's session: all aggregates of one table in one statement.

Great Expectations puts the metrics of one level of its graph into one statement. Held back until
none is left that builds an expression, those of all levels meet; the number of rows, for which most
levels wait, is promised meanwhile. That leans on a private method of the version that
``checks.engines`` names, and is held by tests on the number of statements.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from secrets import token_hex
from types import ModuleType
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from great_expectations.core.id_dict import IDDict
from great_expectations.exceptions.exceptions import MetricResolutionError
from great_expectations.execution_engine.execution_engine import MetricComputationConfiguration
from great_expectations.execution_engine.sqlalchemy_execution_engine import (
    SqlAlchemyExecutionEngine,
)
from great_expectations.util import convert_to_json_serializable
from great_expectations.validator.metric_configuration import (
    MetricConfiguration,
    MetricConfigurationID,
)
from typing_extensions import override

from checks.attempt import Fault, attempt
from checks.dataset import Dataset, Dialect, Relation
from checks.engines.great_expectations.dialect import create_engine
from checks.engines.great_expectations.expectations import comparable
from checks.engines.great_expectations.fusion import (
    AGGREGATES,
    LISTS,
    QUERIED_ROWS,
    UNEXPECTED_COUNT,
    UNEXPECTED_VALUES,
    UNUSED,
    aggregated,
    condition,
    domain,
    row_count,
    unexpected_count,
)
from checks.engines.great_expectations.metrics import OURS
from checks.engines.great_expectations.pending import NotYet, Pending
from checks.engines.great_expectations.selectables import relation_names, selected, source
from checks.errors import StoppedQuery, UnjudgeableClause

Configurations: TypeAlias = list[MetricComputationConfiguration]
Values: TypeAlias = dict[MetricConfigurationID, Any]

_ROW_COUNT: Final = "table.row_count"
_WHOLE: Final = frozenset({QUERIED_ROWS, "column.distinct_values.missing_from_column"})
_MEDIAN: Final = "column.median"
_QUERIED_COUNT: Final = "unexpected_rows_query.row_count"
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
    """Asks through the one connection of a session, for as long as the run lasts.

    Attributes:
        fused: Whether metrics are put together, and conditions listed in place of cells.
        called: What each relation is called before GX.
        texts: Names that only columns of texts have.
        conditions: By what is listed in their place: SQL that is true of the rows of such cells.
    """

    def __init__(self, dataset: Dataset) -> None:
        super().__init__(engine=create_engine(dataset), create_temp_table=False)
        self.fused = False
        self.conditions: dict[str, str] = {}
        self._secret = token_hex()
        self._others = {name: table.judged for name, table in dataset.tables.items()}
        self.texts = _texts(dataset)
        self.called = relation_names(dataset.tables.values())
        self._relations = {name: each for each, name in self.called.items()}
        self._values: Values = {}
        self._unjudgeable: dict[MetricConfigurationID, Exception] = {}
        self._faults: dict[MetricConfigurationID, Exception] = {}
        self._promised: dict[MetricConfigurationID, MetricComputationConfiguration] = {}
        if dataset.session.dialect is Dialect.DUCKDB:
            self.dialect_module = _duckdb_types(type(self.engine.dialect))

    @contextmanager
    def fusing(self) -> Iterator[None]:
        """Put what is asked inside together."""
        self.fused = True
        try:
            yield
        finally:
            self.fused = False

    @contextmanager
    @override
    def get_connection(self) -> Iterator[sa.Connection]:
        """The one connection; it stays open, since results are read after this ends."""
        if self._connection is None:
            self._connection = self.engine.connect()
        yield self._connection

    @override
    def get_domain_records(self, domain_kwargs: dict[str, Any]) -> Any:
        """The rows that a metric looks at; ``table`` names another object of the run."""
        other: Relation | None = self._others.get(domain_kwargs.get("table") or "")
        if other is not None:
            return selected(other).subquery()
        return super().get_domain_records(domain_kwargs)

    @override
    def get_compute_domain(self, *args: Any, **kwargs: Any) -> Any:
        """What a metric looks at; its rows as what SQLAlchemy lets follow FROM."""
        records, compute, accessor = super().get_compute_domain(*args, **kwargs)
        return source(records), compute, accessor

    @override
    def _build_selectable_from_batch_spec(self, batch_spec: Mapping[str, Any]) -> Any:
        return selected(self._relations[str(batch_spec["table_name"])])

    @override
    def _process_direct_and_bundled_metric_computation_configurations(
        self,
        metric_fn_direct_configurations: Configurations,
        metric_fn_bundle_configurations: Configurations,
    ) -> Values:
        if not self.fused:
            fetched = [each for each in metric_fn_direct_configurations if not _unread(each)]
            unread = [each for each in metric_fn_direct_configurations if _unread(each)]
            asked = self._asked_once(fetched, metric_fn_bundle_configurations)
            bare = {_id(each): comparable(asked[_id(each)]) for each in fetched if _bare(each)}
            return {**asked, **bare, **{_id(each): [] for each in unread}}
        direct, bundle = self._parted(
            metric_fn_direct_configurations, metric_fn_bundle_configurations
        )
        self._ask_each(direct)
        if not (self._promise(bundle) or any(_id(each) in self._values for each in direct)):
            self._ask_together([*bundle, *self._promised.values()])
        return self._known([*direct, *bundle])

    def _asked_once(self, direct: Configurations, bundle: Configurations) -> Values:
        """The values as GX asks for them; what no judging can use is not asked for again."""
        if known := [each for each in direct if _id(each) in self._unjudgeable]:
            raise self._unjudgeable[_id(known[0])]
        try:
            return super()._process_direct_and_bundled_metric_computation_configurations(
                direct, bundle
            )
        except MetricResolutionError as error:
            if isinstance(error.__cause__, UnjudgeableClause):
                self._unjudgeable.update({each.id: error for each in error.failed_metrics})
            raise

    @override
    def resolve_metrics(
        self,
        metrics_to_resolve: Iterable[MetricConfiguration],
        metrics: Values | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> Values:
        """Values of what is asked; when nothing is left to ask, those that were promised."""
        wanted = list(metrics_to_resolve)
        if wanted or not self._promised:
            return super().resolve_metrics(wanted, metrics, runtime_configuration)
        self._ask_together(list(self._promised.values()))
        return self._kept_promises()

    def _parted(
        self, direct: Configurations, bundle: Configurations
    ) -> tuple[Configurations, Configurations]:
        """Those that are asked each by itself, and the aggregates."""
        alone: Configurations = []
        together = list(bundle)
        for each in direct:
            aggregate = attempt(partial(aggregated, each, self))
            if aggregate is None or isinstance(aggregate, Fault):  # which it raises again below
                alone.append(each)
            else:
                together.append(aggregate)
        return alone, together

    def _known(self, asked: Configurations) -> Values:
        """What the graph does not know yet; only when there is nothing, what went wrong.

        GX forgets the values of a round that raises, and asks three times for what raised: each
        metric is asked for once, and its value or fault told as often as it is wanted.

        Raises:
            MetricResolutionError: nothing new is known, and these metrics, which share a message,
                never will be.
        """
        ids = [_id(each) for each in asked]
        known = self._kept_promises()
        known |= {id_: self._values[id_] for id_ in ids if id_ in self._values}
        known |= {id_: self._pending(id_) for id_ in ids if id_ in self._promised}
        faults = [each for each in asked if _id(each) in self._faults]
        if known or not faults:
            return known
        error = self._faults[_id(faults[0])]
        alike = [each for each in faults if str(self._faults[_id(each)]) == str(error)]
        raise MetricResolutionError(
            message=str(error), failed_metrics=[each.metric_configuration for each in alike]
        ) from error

    def _ask_each(self, direct: Configurations) -> None:
        for each in direct:
            if not self._settled(each):
                said = attempt(partial(self._value, each))
                if not isinstance(said, Fault):
                    self._values[_id(each)] = said
                elif not isinstance(said.error, NotYet):
                    self._faults[_id(each)] = said.error

    def _value(self, asked: MetricComputationConfiguration) -> object:
        """The value of a metric that is none; instead of rows and cells, what tells which."""
        name = asked.metric_configuration.metric_name
        if name in UNUSED:
            return None
        if name in LISTS:
            return []
        if name == _QUERIED_COUNT:
            return row_count(asked, self)
        if name.endswith(UNEXPECTED_COUNT):
            return unexpected_count(asked)
        if name.endswith(UNEXPECTED_VALUES):
            return self._token(condition(asked, self))
        provider: Callable[..., object] = asked.metric_fn
        said = provider(**asked.metric_provider_kwargs)
        return comparable(said) if _bare(asked) else said

    def _token(self, text: str | None) -> list[str]:
        """Something to list in place of cells, which no cell can be equal to."""
        if text is None:
            return []
        token = f"{self._secret}:{len(self.conditions)}"
        self.conditions[token] = text
        return [token]

    def _promise(self, bundle: Configurations) -> bool:
        """Promise the numbers of rows among ``bundle``; whether any is promised anew."""
        counts = [each for each in bundle if each.metric_configuration.metric_name == _ROW_COUNT]
        new = {
            _id(each): each
            for each in counts
            if not self._settled(each) and _id(each) not in self._promised
        }
        self._promised |= new
        return bool(new)

    def _pending(self, id_: MetricConfigurationID) -> Pending:
        return Pending(partial(self._faults.get, id_))

    def _kept_promises(self) -> Values:
        """The values of those promised metrics that are known by now."""
        kept = {id_: self._values[id_] for id_ in self._promised if id_ in self._values}
        for id_ in kept:
            del self._promised[id_]
        return kept

    def _ask_together(self, bundle: Configurations) -> None:
        open_ = sorted((each for each in bundle if not self._settled(each)), key=_place)
        for _, alike in groupby(open_, key=_domain_id):
            self._ask(list(alike))

    def _ask(self, part: Configurations) -> None:
        """Ask for all of ``part`` in one statement; in parts of it when that raises."""
        said = attempt(partial(self._statement, part))
        if len(part) > 1 and isinstance(said, Fault):
            # What was too slow together may be so in halves, too: each is then asked by itself.
            size = 1 if isinstance(said.error, StoppedQuery) else (len(part) + 1) // 2
            for start in range(0, len(part), size):
                self._ask(part[start : start + size])
        else:
            self._keep(part, said)

    def _statement(self, part: Configurations) -> Values:
        records = self.get_domain_records(domain(part[0].compute_domain_kwargs or {}))
        expressions: list[sa.ColumnElement[Any]] = [each.metric_fn for each in part]
        columns = [each.label(f"m{at}") for at, each in enumerate(expressions)]
        row = self.execute_query(sa.select(*columns).select_from(source(records))).one()
        return {_id(each): _cell(each, cell) for each, cell in zip(part, row, strict=True)}

    def _settled(self, asked: MetricComputationConfiguration) -> bool:
        return _id(asked) in self._values or _id(asked) in self._faults

    def _keep(self, asked: Sequence[MetricComputationConfiguration], said: Values | Fault) -> None:
        if isinstance(said, Fault):
            self._faults.update({_id(each): said.error for each in asked})
        else:
            self._values.update(said)


def _id(asked: MetricComputationConfiguration) -> MetricConfigurationID:
    return asked.metric_configuration.id


def _unread(asked: MetricComputationConfiguration) -> bool:
    """Whether it fetches all rows of a query, or all values, which are counted by themselves."""
    return asked.metric_configuration.metric_name in _WHOLE


def _bare(asked: MetricComputationConfiguration) -> bool:
    """Whether GX holds the value against a bound as the database gave it: a Decimal and a float."""
    return asked.metric_configuration.metric_name == _MEDIAN


def _domain_id(asked: MetricComputationConfiguration) -> str:
    return str(IDDict(domain(asked.compute_domain_kwargs or {})).to_id())


def _place(asked: MetricComputationConfiguration) -> tuple[str, str]:
    """By domain, and always in the same order."""
    return _domain_id(asked), str(_id(asked))


def _cell(asked: MetricComputationConfiguration, cell: Any) -> object:  # noqa: ANN401 - of the database
    """A value as GX keeps it: what it asks together is made such that JSON can hold it."""
    raw = asked.metric_configuration.metric_name in OURS | AGGREGATES.keys()
    return cell if raw else convert_to_json_serializable(data=cell)


def _texts(dataset: Dataset) -> frozenset[str]:
    """Names of columns that hold texts in every object that has such a column."""
    columns = [each for table in dataset.tables.values() for each in table.columns.values()]
    others = {each.name for each in columns if each.type != "VARCHAR"}
    return frozenset(each.name for each in columns) - others


def _duckdb_types(dialect: type[sa.Dialect]) -> ModuleType:
    """What GX takes for a dialect's module.

    It asks for patterns by REGEXP_MATCHES, as DuckDB has it, where it sees Dremio's dialect.
    """
    module = ModuleType("duckdb_types")
    types: Iterable[tuple[str, object]] = ((name, getattr(sa, name)) for name in _TYPES)
    vars(module).update(types, DremioDialect=True, dialect=dialect)
    return module
