"""Expectations that Great Expectations does not have: counts and numbers held to a threshold.

And two that it has, and judges wrongly or at a price.
"""

from datetime import date, time
from decimal import MAX_PREC, Context, Decimal, InvalidOperation
from typing import Any, ClassVar, Final

from great_expectations.expectations.core.expect_column_most_common_value_to_be_in_set import (
    ExpectColumnMostCommonValueToBeInSet,
)
from great_expectations.expectations.core.expect_column_quantile_values_to_be_between import (
    ExpectColumnQuantileValuesToBeBetween,
)
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validator import ValidationDependencies
from typing_extensions import override

from checks.engines.great_expectations.metrics import (
    AGGREGATE,
    COMMONEST,
    NULLS,
    REPEATED,
    SCALAR,
)
from checks.errors import UnjudgeableClause
from checks.threshold import Number, holds, percent

NULL: Final = "the query returned NULL, not a number"
_QUANTILES: Final = "column.quantile_values"
_DIGITS: Final = 4_000
_ALL: Final = Context(prec=MAX_PREC)


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


class ExpectQuantilesToBeBetween(ExpectColumnQuantileValuesToBeBetween):
    """As GX has it, but for rules about other quantiles of a column, which it takes for the same.

    It tells metrics apart by what they were made with, and says which quantiles only afterwards.
    """

    @override
    def get_validation_dependencies(self, *args: Any, **kwargs: Any) -> ValidationDependencies:
        dependencies = super().get_validation_dependencies(*args, **kwargs)
        stated = dependencies.get_metric_configuration(_QUANTILES)
        if stated is not None:
            told = MetricConfiguration(
                _QUANTILES, stated.metric_domain_kwargs, dict(stated.metric_value_kwargs)
            )
            dependencies.set_metric_configuration(_QUANTILES, told)
        return dependencies


class ExpectCommonestToBeInSet(ExpectColumnMostCommonValueToBeInSet):
    """As GX has it, without fetching every value of the column; dates are those in a text."""

    metric_dependencies: ClassVar[tuple[str]] = (COMMONEST,)

    @override
    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        commonest = [comparable(each) for each in metrics[COMMONEST]]
        wanted = self.configuration.kwargs.get("value_set") or ()
        found = [each for each in commonest if any(_same(each, value) for value in wanted)]
        several = bool(self.configuration.kwargs.get("ties_okay"))
        success = bool(found) and (several or len(commonest) == 1)
        return {"success": success, "result": {"observed_value": commonest}}


def _same(cell: object, stated: object) -> bool:
    """Whether a comparable ``cell`` is what a contract wrote: a moment may be written as a text."""
    if isinstance(cell, date | time) and isinstance(stated, str):
        try:
            return cell == type(cell).fromisoformat(stated)
        except (ValueError, TypeError):
            return False
    return bool(cell == comparable(stated))


def comparable(cell: Any) -> Any:  # noqa: ANN401 - whatever a database gives
    """``cell`` such that it equals, and lies beside, a number of the same digits in a contract."""
    return _plain(cell) if isinstance(cell, Decimal) and cell.is_finite() else cell


def scalar(value: object) -> Number:
    """``value`` as a number, exactly: true is 1.

    A fraction is a float where that is written with the same digits, as thresholds are, else a
    Decimal.

    Raises:
        UnjudgeableClause: it is NULL, not a number or not finite.
    """
    if value is None:
        raise UnjudgeableClause(NULL)
    if isinstance(value, int):
        return int(value)
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        exact = Decimal("NaN")
    if not exact.is_finite():
        raise UnjudgeableClause(f"the query returned {value!r}, not a number")
    return value if isinstance(value, float) else _plain(exact)


def _plain(exact: Decimal) -> Number:
    if exact.adjusted() > _DIGITS:  # an int of them would take long to write
        return exact
    if exact == exact.to_integral_value():
        return int(exact)
    near = float(exact)
    return near if Decimal(repr(near)) == exact else exact.normalize(_ALL)
