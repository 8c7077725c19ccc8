"""Expectations that Great Expectations does not have: counts and numbers held to a threshold."""

import math
from typing import Any, ClassVar

from great_expectations.expectations.expectation import BatchExpectation
from typing_extensions import override

from checks.engines.great_expectations.metrics import AGGREGATE, NULLS, REPEATED, SCALAR
from checks.errors import UnjudgeableClause
from checks.threshold import holds, percent


class ExpectNullValuesToBe(BatchExpectation):
    """How many ``cells`` are NULL, or what per cent of the rows, against a threshold."""

    cells: str
    operator: str
    value: Any
    unit: str = "rows"

    metric_dependencies: ClassVar[tuple[str, ...]] = (NULLS, "table.row_count")
    success_keys: ClassVar[tuple[str, ...]] = ("cells", "operator", "value", "unit")

    @override
    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        nulls, rows = int(metrics[NULLS]), int(metrics["table.row_count"])
        measured = percent(nulls, rows) if self.unit == "percent" else nulls
        return {
            "success": holds(measured, self.operator, self.value),
            "result": {
                "observed_value": measured,
                "element_count": rows,
                "unexpected_count": nulls,
            },
        }


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
        values, rows, filled = (int(figure) for figure in metrics[REPEATED])
        measured = percent(values, filled) if self.unit == "percent" else values
        return {
            "success": holds(measured, self.operator, self.value),
            "result": {
                "observed_value": measured,
                "values": values,
                "element_count": metrics["table.row_count"],
                "unexpected_count": rows,
            },
        }


class _ExpectNumberToBe(BatchExpectation):
    """The one number of a rule, held against a threshold."""

    operator: str
    value: Any

    @override
    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        (metric,) = self.metric_dependencies
        measured = scalar(metrics[metric])
        success = holds(measured, self.operator, self.value)
        return {"success": success, "result": {"observed_value": measured}}


class ExpectAggregateToBe(_ExpectNumberToBe):
    """The number that an ``expression`` over aggregates of the table comes to."""

    expression: str

    metric_dependencies: ClassVar[tuple[str, ...]] = (AGGREGATE,)
    success_keys: ClassVar[tuple[str, ...]] = ("expression", "operator", "value")


class ExpectQueryScalarToBe(_ExpectNumberToBe):
    """The one number that ``query`` returns, asked for by a statement of its own."""

    query: str

    metric_dependencies: ClassVar[tuple[str, ...]] = (SCALAR,)
    success_keys: ClassVar[tuple[str, ...]] = ("query", "operator", "value")


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
