"""Measured value against what it must be. Pure."""

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from checks.errors import UnjudgeableClause
from contracts.values import Json

Number: TypeAlias = int | float | Decimal
_Test: TypeAlias = Callable[[Number, Number], bool]

_ONE: Final[Mapping[str, tuple[_Test, str]]] = {
    "mustBe": (lambda measured, value: measured == value, "is not"),
    "mustNotBe": (lambda measured, value: measured != value, "is"),
    "mustBeGreaterThan": (lambda measured, value: measured > value, "is not greater than"),
    "mustBeGreaterOrEqualTo": (lambda measured, value: measured >= value, "is less than"),
    "mustBeLessThan": (lambda measured, value: measured < value, "is not less than"),
    "mustBeLessOrEqualTo": (lambda measured, value: measured <= value, "is greater than"),
}
_TWO: Final[Mapping[str, str]] = {
    "mustBeBetween": "is not between",
    "mustNotBeBetween": "is between",
}

OPERATORS: Final = (*_ONE, *_TWO)


def holds(measured: Number, operator: str, value: Json) -> bool:
    """Whether ``measured`` is what ``operator`` and ``value`` ask for; "between" has both its ends.

    Raises:
        UnjudgeableClause: the operator is unknown, or ``value`` does not fit it.
    """
    if operator in _TWO:
        low, high = (_as(measured, each) for each in _pair(operator, value))
        return (low <= measured <= high) is (operator == "mustBeBetween")
    if operator not in _ONE:
        raise UnjudgeableClause(f"no operator {operator!r}; known: {', '.join(OPERATORS)}")
    return _ONE[operator][0](measured, _as(measured, _number(operator, value)))


def broken(operator: str, value: Json, *, unit: str = "") -> str:
    """How a value that does not hold stands to its threshold, such as ``is not less than 5 %``."""
    if operator in _TWO:
        low, high = _pair(operator, value)
        return f"{_TWO[operator]} {number(low)} and {number(high)}{unit}"
    return f"{_ONE[operator][1]} {number(_number(operator, value))}{unit}"


def percent(count: int, rows: int) -> float:
    """Share of ``count`` in ``rows``, 0 to 100; 0 of no rows."""
    return 100 * count / rows if rows else 0.0


def number(value: Number) -> str:
    """A number for people: thousands parted, no trailing zeros, a float to six digits."""
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else f"{value:,.6g}"
    return f"{value:,}"


def _as(measured: Number, value: Number) -> Number:
    """A threshold as it was written, where what is measured is exact: 0.1 and no float near it."""
    exact = isinstance(value, float) and not isinstance(measured, float) and math.isfinite(value)
    return Decimal(repr(value)) if exact else value


def _pair(operator: str, value: Json) -> tuple[Number, Number]:
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 2:  # noqa: PLR2004 - two ends
        return _number(operator, value[0]), _number(operator, value[1])
    raise UnjudgeableClause(f"{operator} needs two numbers, not {value!r}")


def _number(operator: str, value: Json) -> Number:
    if isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value):
        return value
    raise UnjudgeableClause(f"{operator} needs a number, not {value!r}")
