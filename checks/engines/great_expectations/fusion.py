"""Figures that Great Expectations asks one by one, as aggregates for a statement they share.

It counts the rows that break a rule about several columns, or about values that repeat, by queries
of their own, and lists the offending cells by one more for each rule. Here the counts are
aggregates of the whole table, and instead of cells a rule tells the condition of its rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from great_expectations.execution_engine.execution_engine import MetricComputationConfiguration
from great_expectations.execution_engine.sqlalchemy_execution_engine import (
    SqlAlchemyExecutionEngine,
)
from great_expectations.expectations.metrics.column_aggregate_metrics import (
    column_distinct_values,
)
from sqlalchemy.dialects.postgresql import array

from checks.attempt import Fault, attempt
from checks.engines.great_expectations.metrics import null_count, repetitions
from checks.engines.great_expectations.selectables import source
from checks.errors import UnjudgeableClause

Expression: TypeAlias = sa.ColumnElement[Any]

UNEXPECTED_VALUES: Final = ".unexpected_values"
UNEXPECTED_COUNT: Final = ".unexpected_count.aggregate_fn"
QUERIED_ROWS: Final = "unexpected_rows_query.table"
LISTS: Final = frozenset(
    {
        QUERIED_ROWS,
        "column.distinct_values.not_in_set",
        "column.distinct_values.missing_from_column",
    }
)
"""Metrics that only list what another one counts."""
UNUSED: Final = frozenset(
    {
        "column_values.count_per_value.map",
        "column_values.unique.condition",
        "compound_columns.count.map",
        "compound_columns.unique.condition",
    }
)
"""Metrics that only serve to count values that repeat as Great Expectations does."""

_UNEXPECTED: Final = "unexpected_condition"
_DOMAIN: Final = ("batch_id", "table", "row_condition", "condition_parser", "filter_conditions")
_ROWWISE: Final = frozenset(
    {
        "column_pair_values.a_greater_than_b",
        "column_pair_values.equal",
        "column_pair_values.in_set",
        "multicolumn_sum.equal",
        "multicolumn_values.equal",
        "select_column_values.unique.within_record",
    }
)
_REPEATING: Final = frozenset({"column_values.unique", "compound_columns.unique"})
_IGNORED: Final[Mapping[str, Callable[..., sa.ColumnElement[bool]]]] = {
    "both_values_are_missing": sa.and_,
    "all_values_are_missing": sa.and_,
    "either_value_is_missing": sa.or_,
    "any_value_is_missing": sa.or_,
}
_MISSING: Final[Mapping[str, Callable[[sa.ColumnClause[Any]], Expression]]] = {
    "column_values.nonnull": null_count,
    "column_values.null": sa.func.count,
}
"""Of any one column these are counted once, however many rules need them."""


def domain(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The rows that a metric looks at, without what says which columns of them."""
    return {key: kwargs[key] for key in _DOMAIN if kwargs.get(key) is not None}


def aggregated(
    asked: MetricComputationConfiguration, execution: SqlAlchemyExecutionEngine
) -> MetricComputationConfiguration | None:
    """The metric as an aggregate of the table; None where it has to be asked as it is."""
    name = asked.metric_configuration.metric_name
    make = AGGREGATES.get(name)
    if make is None:
        return None
    kwargs = asked.metric_configuration.metric_domain_kwargs
    return replace(asked, metric_fn=make(asked, execution), compute_domain_kwargs=domain(kwargs))


def unexpected_count(asked: MetricComputationConfiguration) -> tuple[Expression, Any, Any]:
    """How many cells break a rule, as GX builds it, by a COUNT.

    PostgreSQL adds up more slowly than it counts; DuckDB does not count at all where its statistics
    tell that a CASE never holds, but always where a FILTER stands.
    """
    broken, compute, accessor = asked.metric_provider_kwargs["metrics"][_UNEXPECTED]
    count = _MISSING.get(asked.metric_configuration.metric_name.removesuffix(UNEXPECTED_COUNT))
    if count is not None:
        return count(sa.column(accessor["column"])), compute, accessor
    return _count(broken), compute, accessor


def condition(
    asked: MetricComputationConfiguration, execution: SqlAlchemyExecutionEngine
) -> str | None:
    """SQL over the table's columns that is true of the rows whose cells the metric lists.

    None where the metric joins the table with its own groups, and where a value cannot be written
    as SQL.
    """
    stem = asked.metric_configuration.metric_name.removesuffix(UNEXPECTED_VALUES)
    if stem in _REPEATING:
        return None
    kwargs = asked.metric_configuration.metric_domain_kwargs
    records = execution.get_domain_records(domain(kwargs))
    kept = records.whereclause if isinstance(records, sa.Select) else None
    broken = asked.metric_provider_kwargs["metrics"][_UNEXPECTED][0]
    whole = sa.and_(*([] if kept is None else [kept]), _counted(kwargs), broken)
    text = attempt(lambda: _written(whole, execution))
    return None if isinstance(text, Fault) else text  # GX lists the cells itself


def row_count(asked: MetricComputationConfiguration, execution: SqlAlchemyExecutionEngine) -> int:
    """How many rows a rule's own query returns; GX runs it once more for the rows."""
    stated = asked.metric_configuration.metric_value_kwargs["unexpected_rows_query"]
    query = sa.text(str(stated).format(batch="batch")).columns().subquery()
    counted = sa.select(sa.func.count()).select_from(query)
    return int(execution.execute_query(counted).scalar_one())


def _written(condition_: sa.ColumnElement[bool], execution: SqlAlchemyExecutionEngine) -> str:
    plain = type(execution.dialect)(paramstyle="named")  # marks no parameters with a %
    return str(condition_.compile(dialect=plain, compile_kwargs={"literal_binds": True}))


def _count(condition_: sa.ColumnElement[bool]) -> Expression:
    """How many rows it is true of."""
    return sa.func.count(sa.case((condition_, 1)))


def _counted(kwargs: Mapping[str, Any]) -> sa.ColumnElement[bool]:
    """Which rows a rule about several columns looks at: not those with its cells missing."""
    join = _IGNORED.get(str(kwargs.get("ignore_row_if")))
    if join is None:
        return sa.true()
    return sa.not_(join(*(sa.column(name).is_(None) for name in _columns(kwargs))))


def _columns(kwargs: Mapping[str, Any]) -> Sequence[str]:
    if "column" in kwargs:
        return [kwargs["column"]]
    if "column_list" in kwargs:
        return list(kwargs["column_list"])
    return [kwargs["column_A"], kwargs["column_B"]]


def _filtered(asked: MetricComputationConfiguration, _: SqlAlchemyExecutionEngine) -> Expression:
    """How many rows a rule about several columns looks at."""
    return _count(_counted(asked.metric_configuration.metric_domain_kwargs))


def _broken(asked: MetricComputationConfiguration, _: SqlAlchemyExecutionEngine) -> Expression:
    """How many of them break it."""
    counted = _counted(asked.metric_configuration.metric_domain_kwargs)
    broken = asked.metric_provider_kwargs["metrics"][_UNEXPECTED][0]
    return _count(sa.and_(counted, broken))


def _repeating(
    asked: MetricComputationConfiguration, execution: SqlAlchemyExecutionEngine
) -> Expression:
    """In how many rows a value stands that other rows have, too."""
    kwargs = asked.metric_configuration.metric_domain_kwargs
    records = execution.get_domain_records(domain(kwargs))
    repeats = repetitions(source(records), _columns(kwargs))
    rows = sa.func.coalesce(sa.func.sum(repeats).filter(repeats > 1), 0)
    return sa.select(sa.cast(rows, sa.BigInteger)).scalar_subquery()


def _outside(
    asked: MetricComputationConfiguration, execution: SqlAlchemyExecutionEngine
) -> Expression:
    """How many values are none of a set."""
    column, values = _set(asked, execution)
    outside = column.not_in(values) if values else sa.true()
    return sa.func.count(sa.distinct(column)).filter(sa.and_(column.is_not(None), outside))


def _lacking(
    asked: MetricComputationConfiguration, execution: SqlAlchemyExecutionEngine
) -> Expression:
    """How many of a set are no value."""
    column, values = _set(asked, execution)
    there = sa.and_(column.is_not(None), column.in_(values))
    return len(values) - sa.func.count(sa.distinct(column)).filter(there)


def _quantiles(asked: MetricComputationConfiguration, _: SqlAlchemyExecutionEngine) -> Expression:
    """The values at some shares of a column."""
    configuration = asked.metric_configuration
    column: sa.ColumnClause[Any] = sa.column(configuration.metric_domain_kwargs["column"])
    shares = configuration.metric_value_kwargs["quantiles"]
    if configuration.metric_value_kwargs.get("allow_relative_error"):
        raise UnjudgeableClause("allow_relative_error is for other databases")
    values = [sa.func.percentile_disc(each).within_group(column.asc()) for each in shares]
    return array(values, type_=sa.types.NullType())


def _set(
    asked: MetricComputationConfiguration, execution: SqlAlchemyExecutionEngine
) -> tuple[sa.ColumnClause[Any], Sequence[Any]]:
    """A column, and the set that its values are held against.

    GX takes texts that look like dates for such, also beside a column of texts.
    """
    configuration = asked.metric_configuration
    name = configuration.metric_domain_kwargs["column"]
    values = configuration.metric_value_kwargs.get("value_set") or []
    if name not in getattr(execution, "texts", ()):
        values = column_distinct_values._coerce_value_set_for_sql(values)  # noqa: SLF001 - as GX itself
    return sa.column(name), values


AGGREGATES: Final[Mapping[str, Callable[..., Expression]]] = {
    **{f"{stem}.filtered_row_count": _filtered for stem in _ROWWISE | _REPEATING},
    **{f"{stem}.unexpected_count": _broken for stem in _ROWWISE},
    **{f"{stem}.unexpected_count": _repeating for stem in _REPEATING},
    "column.distinct_values.not_in_set.count": _outside,
    "column.distinct_values.missing_from_column.count": _lacking,
    "column.quantile_values": _quantiles,
}
