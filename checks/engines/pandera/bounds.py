"""Bounds and listed values of a contract -> values that compare exactly with a column's cells."""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, InvalidOperation
from struct import Struct
from typing import Final, TypeVar

import ibis

from checks.engines.pandera.families import INTEGERS, family
from checks.errors import UnjudgeableClause
from contracts.values import Json

_WIDE: Final = 2**63
_DIGITS: Final = Context(prec=38)
_SINGLE: Final = Struct("<f")
_INTEGER: Final = frozenset(INTEGERS)
_V = TypeVar("_V")


def bound(value: Json, type_: str, *, up: bool) -> object:
    """``value`` as a bound of a column of the database type ``type_``.

    Args:
        value: As the contract has it.
        type_: In DuckDB's words.
        up: Whether a value between two that a cell could hold becomes the upper of them: right
            for a minimum that is allowed itself, and for a maximum that is not.

    Raises:
        UnjudgeableClause: cells of that type have no order with such a value.
    """
    if family(type_) == "VARCHAR" and not isinstance(value, str):
        raise _incomparable(value, type_)
    return _value(_storable(value, type_, up=up), type_)


def _storable(value: Json, type_: str, *, up: bool) -> Json:
    """The nearest bound that a cell could hold and that keeps out the same cells."""
    name = family(type_)
    if name in _INTEGER and isinstance(value, float) and math.isfinite(value):
        return math.ceil(value) if up else math.floor(value)
    if name == "DECIMAL" and isinstance(value, int | float) and _scale(type_) is not None:
        return _rounded(value, type_, up=up)
    return value


def _rounded(value: float, type_: str, *, up: bool) -> str:
    """``value`` in the column's own scale, rounded to the side that keeps out the same cells."""
    step = Decimal(1).scaleb(-(_scale(type_) or 0))
    rounding = ROUND_CEILING if up else ROUND_FLOOR
    try:
        return str(Decimal(str(value)).quantize(step, rounding=rounding, context=_DIGITS))
    except InvalidOperation:
        raise _incomparable(value, type_) from None


def listed(values: Sequence[Json], type_: str) -> list[object]:
    """Those of ``values`` that a cell of the database type ``type_`` can hold, but never NULL."""
    found: list[object] = []
    for value in values:
        try:
            found.append(_value(value, type_))
        except UnjudgeableClause:
            continue  # no cell can equal it
    return found


def _value(value: Json, type_: str) -> object:
    read = _READ.get(family(type_))
    if read is None:
        raise _incomparable(value, type_)
    try:
        return read(value, type_)
    except (ValueError, InvalidOperation, OverflowError):
        raise _incomparable(value, type_) from None


def _incomparable(value: Json, type_: str) -> UnjudgeableClause:
    return UnjudgeableClause(f"{value!r} cannot be compared with a column of type {type_}")


def _of(value: Json, *classes: type[_V]) -> _V:
    """``value``, if it is one of ``classes``."""
    if not isinstance(value, classes):
        raise ValueError(value)  # noqa: TRY004 - one way out for all that cannot be compared
    return value


def _exact(value: Json) -> Decimal:
    if isinstance(value, bool):
        raise ValueError(value)  # noqa: TRY004 - see above
    exact = Decimal(str(_of(value, int, float, str)))
    if not exact.is_finite():
        raise ValueError(value)
    return exact


def _integer(value: Json, _: str) -> object:
    exact = _exact(value)
    if exact != exact.to_integral_value():
        raise ValueError(value)
    whole = int(exact)
    return whole if -_WIDE <= whole < _WIDE else ibis.literal(whole, type="decimal(38, 0)")


def _decimal(value: Json, type_: str) -> object:
    """A literal of the column's own scale, since no other compares with it exactly."""
    exact, scale = _exact(value), _scale(type_)
    if scale is None:
        scale = max(0, -int(exact.as_tuple().exponent))
    same = exact.quantize(Decimal(1).scaleb(-scale), context=_DIGITS)
    if same != exact:
        raise ValueError(value)
    precision = max(len(same.as_tuple().digits), scale + 1)
    return ibis.literal(same, type=f"decimal({precision}, {scale})")


def _scale(type_: str) -> int | None:
    """Digits after the point; None where each cell has its own."""
    return int(type_.rpartition(",")[2].rstrip(")")) if "(" in type_ else None


def _float(value: Json, _: str) -> float:
    found = float(_exact(value))
    if not math.isfinite(found):
        raise ValueError(value)
    return found


def _single(value: Json, type_: str) -> float:
    """The nearest that such a cell holds: 0.1 is another number there than in a wider column."""
    wide = _float(value, type_)
    try:
        return float(_SINGLE.unpack(_SINGLE.pack(wide))[0])
    except OverflowError:
        return wide  # beyond all cells


def _boolean(value: Json, _: str) -> bool:
    return _of(value, bool)


def _text(value: Json, _: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(_of(value, str, int, float))


def _date(value: Json, _: str) -> date:
    return date.fromisoformat(_of(value, str))


def _time(value: Json, _: str) -> time:
    return time.fromisoformat(_of(value, str))


def _zoned(value: Json, _: str) -> datetime:
    """A moment in UTC, in which one without a zone is taken to be."""
    moment = datetime.fromisoformat(_of(value, str))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _naive(value: Json, type_: str) -> datetime:
    return _zoned(value, type_).replace(tzinfo=None)


_READ: Final[Mapping[str, Callable[[Json, str], object]]] = {
    **dict.fromkeys(INTEGERS, _integer),
    "DECIMAL": _decimal,
    "FLOAT": _single,
    "DOUBLE": _float,
    "BOOLEAN": _boolean,
    "VARCHAR": _text,
    "DATE": _date,
    "TIME": _time,
    "TIMESTAMP": _naive,
    "TIMESTAMP_S": _naive,
    "TIMESTAMP_MS": _naive,
    "TIMESTAMP_NS": _naive,
    "TIMESTAMP WITH TIME ZONE": _zoned,
}
"""By family: a value that compares with its cells. Raises ValueError where there is none."""
