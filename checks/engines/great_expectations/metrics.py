"""Figures that Great Expectations does not have, each an aggregate of a whole table.

So all of them fit into the one statement that is put to it.
"""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine.sqlalchemy_execution_engine import (
    SqlAlchemyExecutionEngine,
)
from great_expectations.expectations.metrics.metric_provider import metric_partial, metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
from sqlalchemy.dialects.postgresql import array

from checks.engines.great_expectations.selectables import literal_sql, source
from checks.errors import UnjudgeableClause

NULLS: Final = "table.null_values"
REPEATED: Final = "table.repeated_values"
AGGREGATE: Final = "table.aggregate"
SCALAR: Final = "table.query_scalar"
COMMONEST: Final = "column.commonest_values"
NO_ROW: Final = "the query returned no row, not one value"
SEVERAL_ROWS: Final = "the query returned more than one row, not one value"
TIES: Final = 1_000
SEVERAL_COLUMNS: Final = "the query returned more than one column, not one value"
OURS: Final = frozenset({NULLS, REPEATED, AGGREGATE, SCALAR})
"""Metrics whose values are taken as the database gave them."""

Partial: TypeAlias = tuple[sa.ColumnElement[Any], dict[str, Any], dict[str, Any]]

_aggregate: Final = metric_partial(
    engine=SqlAlchemyExecutionEngine,
    partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
    domain_type=MetricDomainTypes.TABLE,
)


class NullValues(TableMetricProvider):
    """How many ``cells`` of a column are NULL."""

    metric_name = NULLS
    value_keys = ("cells",)

    @_aggregate
    def _sqlalchemy(
        cls,  # noqa: N805 - GX makes a class method of it
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        **_: Any,  # noqa: ANN401 - GX's own signature
    ) -> Partial:
        cells: sa.ColumnClause[Any] = sa.column(metric_value_kwargs["cells"])
        return null_count(cells), metric_domain_kwargs, {}


def null_count(cells: sa.ColumnClause[Any]) -> sa.ColumnElement[int]:
    """How many cells of a column are NULL."""
    return sa.func.count() - sa.func.count(cells)


class RepeatedValues(TableMetricProvider):
    """How many values repeat, in how many rows, and how many rows have one that is whole."""

    metric_name = REPEATED
    value_keys = ("column_list",)

    @_aggregate
    def _sqlalchemy(
        cls,  # noqa: N805 - GX makes a class method of it
        execution_engine: SqlAlchemyExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        **_: Any,  # noqa: ANN401 - GX's own signature
    ) -> Partial:
        records = execution_engine.get_domain_records(metric_domain_kwargs)
        repeats = repetitions(source(records), metric_value_kwargs["column_list"])
        again = repeats > 1
        figures: list[sa.ColumnElement[Any]] = [
            sa.func.count().filter(again),
            sa.func.coalesce(sa.func.sum(repeats).filter(again), 0),
            sa.func.coalesce(sa.func.sum(repeats), 0),
        ]
        listed: array[Any] = array(figures, type_=sa.types.NullType())
        return sa.select(listed).scalar_subquery(), metric_domain_kwargs, {}


def repetitions(table: sa.FromClause, names: Sequence[str]) -> sa.ColumnElement[int]:
    """How often each value of the columns together occurs; one with a NULL in it is none."""
    columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in names]
    counted = (
        sa.select(sa.func.count().label("repeats"))
        .select_from(table)
        .where(*(column.is_not(None) for column in columns))
        .group_by(*columns)
        .subquery()
    )
    return counted.c.repeats


class Aggregate(TableMetricProvider):
    """An expression over aggregates, in the database's own words."""

    metric_name = AGGREGATE
    value_keys = ("expression",)

    @_aggregate
    def _sqlalchemy(
        cls,  # noqa: N805 - GX makes a class method of it
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        **_: Any,  # noqa: ANN401 - GX's own signature
    ) -> Partial:
        expression: sa.ColumnElement[Any] = sa.literal_column(metric_value_kwargs["expression"])
        return expression, metric_domain_kwargs, {}


class QueryScalar(TableMetricProvider):
    """The one value that a query returns, by a statement of its own."""

    metric_name = SCALAR
    value_keys = ("query",)

    @metric_value(engine=SqlAlchemyExecutionEngine)
    def _sqlalchemy(
        cls,  # noqa: N805 - GX makes a class method of it
        execution_engine: SqlAlchemyExecutionEngine,
        metric_value_kwargs: dict[str, Any],
        **_: Any,  # noqa: ANN401 - GX's own signature
    ) -> object:
        stated = metric_value_kwargs["query"]
        bounded = f"SELECT * FROM ({stated}) AS told LIMIT 2"  # noqa: S608 - found harmless
        rows = execution_engine.execute_query(sa.text(literal_sql(bounded))).fetchall()
        if len(rows) != 1:
            raise UnjudgeableClause(SEVERAL_ROWS if rows else NO_ROW)
        if len(rows[0]) != 1:
            raise UnjudgeableClause(SEVERAL_COLUMNS)
        return rows[0][0]


class CommonestValues(TableMetricProvider):
    """The values that occur most often in a column; where these are too many, that is told."""

    metric_name = COMMONEST
    domain_keys = ("batch_id", "table", "column", "row_condition", "condition_parser")

    @metric_value(engine=SqlAlchemyExecutionEngine)
    def _sqlalchemy(
        cls,  # noqa: N805 - GX makes a class method of it
        execution_engine: SqlAlchemyExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        **_: Any,  # noqa: ANN401 - GX's own signature
    ) -> list[Any]:
        cells: sa.ColumnClause[Any] = sa.column(metric_domain_kwargs["column"])
        records = source(execution_engine.get_domain_records(metric_domain_kwargs))
        counted = (
            sa.select(cells.label("cell"), sa.func.count().label("times"))
            .select_from(records)
            .where(cells.is_not(None))
            .group_by(cells)
            .cte("counted")
        )
        most = sa.select(sa.func.max(counted.c.times)).scalar_subquery()
        asked = sa.select(counted.c.cell).where(counted.c.times == most).limit(TIES + 1)
        found = [row[0] for row in execution_engine.execute_query(asked.order_by("cell"))]
        if len(found) > TIES:
            raise UnjudgeableClause(f"more than {TIES:,} values occur most often, all alike")
        return found
