"""What Great Expectations does not have: values that repeat, and the one number of a query."""

import math
import re
from typing import Any, ClassVar, Final

import sqlalchemy as sa
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine.sqlalchemy_execution_engine import (
    SqlAlchemyExecutionEngine,
)
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
from typing_extensions import override

from checks.errors import UnjudgeableClause
from checks.threshold import holds, percent

REPEATED: Final = "table.repeated_values"
SCALAR: Final = "table.query_scalar"
_BIND: Final = re.compile(r"(?<![:\w\\]):(?=\w)")


def literal_sql(query: str) -> str:
    """``query`` for ``sqlalchemy.text``, to which ``:name``, even in quotes, is a parameter."""
    return _BIND.sub(r"\\:", query)


class RepeatedValues(TableMetricProvider):
    """How many ``values`` repeat, in how many ``rows``; ``filled`` counts rows without NULL."""

    metric_name = REPEATED
    value_keys = ("column_list",)

    @metric_value(engine=SqlAlchemyExecutionEngine)
    def _sqlalchemy(
        cls,  # noqa: N805 - GX makes a class method of it
        execution_engine: SqlAlchemyExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        **_: Any,  # noqa: ANN401 - GX's own signature
    ) -> dict[str, int]:
        selectable, _compute, _accessor = execution_engine.get_compute_domain(
            metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE
        )
        columns: list[sa.ColumnClause[Any]] = [
            sa.column(name) for name in metric_value_kwargs["column_list"]
        ]
        filled = sa.and_(*(column.is_not(None) for column in columns))
        group = (
            sa.select(sa.func.count().label("repeats"))
            .select_from(selectable)
            .where(filled)
            .group_by(*columns)
            .subquery()
        )
        again = group.c.repeats > 1
        sums = sa.select(
            sa.func.count().filter(again),
            sa.func.coalesce(sa.func.sum(group.c.repeats).filter(again), 0),
            sa.func.coalesce(sa.func.sum(group.c.repeats), 0),
        )
        values, rows, filled_rows = execution_engine.execute_query(sums).one()
        return {"values": int(values), "rows": int(rows), "filled": int(filled_rows)}


class QueryScalar(TableMetricProvider):
    """The one value that a query returns."""

    metric_name = SCALAR
    value_keys = ("query",)

    @metric_value(engine=SqlAlchemyExecutionEngine)
    def _sqlalchemy(
        cls,  # noqa: N805 - GX makes a class method of it
        execution_engine: SqlAlchemyExecutionEngine,
        metric_value_kwargs: dict[str, Any],
        **_: Any,  # noqa: ANN401 - GX's own signature
    ) -> object:
        query = sa.text(literal_sql(metric_value_kwargs["query"]))
        rows = execution_engine.execute_query(query).fetchall()
        if len(rows) != 1 or len(rows[0]) != 1:
            width = len(rows[0]) if rows else 0
            raise UnjudgeableClause(f"the query returned {len(rows)} x {width} values, not one")
        return rows[0][0]


class ExpectRepeatedValuesToBe(BatchExpectation):
    """How many values (tuples of ``column_list``) repeat, or what per cent, against a threshold."""

    column_list: list[str]
    operator: str
    value: Any
    unit: str = "rows"

    metric_dependencies: ClassVar[tuple[str, ...]] = (REPEATED, "table.row_count")
    success_keys: ClassVar[tuple[str, ...]] = ("column_list", "operator", "value", "unit")

    @override
    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        found = metrics[REPEATED]
        measured = found["values"]
        if self.unit == "percent":
            measured = percent(found["values"], found["filled"])
        return {
            "success": holds(measured, self.operator, self.value),
            "result": {
                "observed_value": measured,
                "values": found["values"],
                "element_count": metrics["table.row_count"],
                "unexpected_count": found["rows"],
            },
        }


class ExpectQueryScalarToBe(BatchExpectation):
    """The one number that ``query`` returns, held against a threshold."""

    query: str
    operator: str
    value: Any

    metric_dependencies: ClassVar[tuple[str, ...]] = (SCALAR,)
    success_keys: ClassVar[tuple[str, ...]] = ("query", "operator", "value")

    @override
    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        measured = scalar(metrics[SCALAR])
        success = holds(measured, self.operator, self.value)
        return {"success": success, "result": {"observed_value": measured}}


def scalar(value: object) -> int | float:
    """``value`` as a number: true is 1.

    Raises:
        UnjudgeableClause: it is NULL, not a number or not finite.
    """
    if value is None:
        raise UnjudgeableClause("the query returned NULL, not a number")
    if isinstance(value, int):
        return int(value)
    try:
        number = float(str(value))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UnjudgeableClause(f"the query returned {value!r}, not a number")
    return number
