"""Bounds and listed values of a contract -> values that compare exactly with the cells of a column."""

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, InvalidOperation
from typing import Final

import ibis

from checks.engines.pandera.families import INTEGERS, family
from checks.errors import UnjudgeableClause
from contracts.values import Json

_WIDE: Final = 2**63
_DIGITS: Final = Context(prec=38)
_INTEGER: Final = frozenset(INTEGERS)


def bound(value: Json, type_: str, *, lower: bool) -> object:
    """``value`` as a lower or an upper bound of a column of the database type ``type_``.

    Raises:
        UnjudgeableClause: cells of that type have no order with such a value.
    """
    name = family(type_)
    if name == "VARCHAR" and not isinstance(value, str):
        raise _incomparable(value, type_)
    if name in _INTEGER and isinstance(value, float) and math.isfinite(value):
        return _integer(math.ceil(value) if lower else math.floor(value))
    if name == "DECIMAL" and isinstance(value, int | float):
        return _value(_rounded(value, type_, lower=lower), type_)
    return _value(value, type_)


def _rounded(value: float, type_: str, *, lower: bool) -> str:
    """The nearest bound in the column's own scale that keeps out the same cells."""
    step = Decimal(1).scaleb(-_scale(type_))
    rounding = ROUND_CEILING if lower else ROUND_FLOOR
    try:
        return str(Decimal(str(value)).quantize(step, rounding=rounding, context=_DIGITS))
    except InvalidOperation:
        raise _incomparable(value, type_) from None


def listed(values: Sequence[Json], type_: str) -> list[object]:
    """Those of ``values`` that a cell of the database type ``type_`` can hold; NULL is never among them."""
    found: list[object] = []
    for value in values:
        try:
            found.append(_value(value, type_))
        except UnjudgeableClause:
            continue  # no cell can equal it
    return found


def _value(value: Json, type_: str) -> object:
    name = family(type_)
    try:
        if name in _INTEGER:
            return _integer(_whole(value))
        if name == "DECIMAL":
            return _decimal(_exact(value), _scale(type_))
        if name in {"FLOAT", "DOUBLE"}:
            return _finite(float(_exact(value)))
        if name == "BOOLEAN" and isinstance(value, bool):
            return value
        if name == "VARCHAR" and isinstance(value, str | int | float):
            return _text(value)
        if isinstance(value, str):
            return _instant(value, name)
    except (ValueError, InvalidOperation, OverflowError):
        pass
    raise _incomparable(value, type_)


def _incomparable(value: Json, type_: str) -> UnjudgeableClause:
    return UnjudgeableClause(f"{value!r} cannot be compared with a column of type {type_}")


def _whole(value: Json) -> int:
    exact = _exact(value)
    if exact != exact.to_integral_value():
        raise ValueError(value)
    return int(exact)


def _exact(value: Json) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(value)  # noqa: TRY004 - one way out for all that cannot be compared
    exact = Decimal(str(value))
    if not exact.is_finite():
        raise ValueError(value)
    return exact


def _integer(value: int) -> object:
    if -_WIDE <= value < _WIDE:
        return value
    return ibis.literal(value, type="decimal(38, 0)")


def _decimal(value: Decimal, scale: int) -> object:
    """A literal of the column's own scale, since no other compares with it exactly."""
    same = value.quantize(Decimal(1).scaleb(-scale), context=_DIGITS)
    if same != value:
        raise ValueError(value)
    precision = max(len(same.as_tuple().digits), scale + 1)
    return ibis.literal(same, type=f"decimal({precision}, {scale})")


def _scale(type_: str) -> int:
    return int(type_.rpartition(",")[2].rstrip(")"))


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(value)
    return value


def _text(value: str | float) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _instant(value: str, name: str) -> object:
    if name == "DATE":
        return date.fromisoformat(value)
    if name == "TIME":
        return time.fromisoformat(value)
    if name.startswith("TIMESTAMP"):
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return moment if name.endswith("ZONE") else moment.replace(tzinfo=None)
    raise ValueError(value)
