"""Arguments of an expectation that Great Expectations would take for more, or for less, than said.

It computes what stands under ``$PARAMETER`` in Python, however long that takes, and it judges by
the beginning of a ``row_condition`` whose end it cannot read.
"""

import math
from collections.abc import Mapping
from typing import Final

from great_expectations.compatibility.pyparsing import ParseException, parse_string
from great_expectations.expectations.legacy_row_conditions import condition

from checks.errors import UnjudgeableClause
from contracts.values import Json

_COMPARISON: Final = frozenset({"type", "column", "operator", "parameter"})
_NULLITY: Final = frozenset({"type", "column", "is_null"})
_SEVERAL: Final = frozenset({"type", "conditions"})
_KEYS: Final[Mapping[str, frozenset[str]]] = {
    "comparison": _COMPARISON,
    "nullity": _NULLITY,
    "and": _SEVERAL,
    "or": _SEVERAL,
}


def refuse_parameters(value: object) -> None:
    """Make sure that no key in ``value``, at any depth, begins with a ``$``, and no number is NaN.

    Raises:
        UnjudgeableClause: one does, or is: nothing lies above it or below, whatever is compared.
    """
    if isinstance(value, float) and math.isnan(value):
        raise UnjudgeableClause("NaN is no number to hold anything against: state one")
    if isinstance(value, Mapping):
        if taken := [str(key) for key in value if str(key).startswith("$")]:
            raise UnjudgeableClause(f"{taken[0][:60]} cannot be computed: state the value itself")
        for each in value.values():
            refuse_parameters(each)
    elif isinstance(value, list | tuple):
        for each in value:
            refuse_parameters(each)


def refuse_cut(row_condition: Json) -> None:
    """Make sure that GX reads ``row_condition`` to its end.

    Raises:
        UnjudgeableClause: it holds more than GX would judge by.
    """
    if isinstance(row_condition, str):
        _refuse_rest(row_condition)
    elif isinstance(row_condition, Mapping):
        _refuse_keys(row_condition)
    elif row_condition is not None:
        raise UnjudgeableClause("row_condition must be a text or a mapping")


def _refuse_rest(text: str) -> None:
    try:
        parse_string(condition, text)
    except ParseException:
        return  # not even its beginning: GX says so itself
    try:
        parse_string(condition, text, parse_all=True)
    except ParseException as error:
        raise UnjudgeableClause(
            f"row_condition cannot be read from character {error.loc + 1} on: it takes one "
            'comparison, such as col("a") > 2, or a mapping for several'
        ) from None


def _refuse_keys(stated: Mapping[str, Json]) -> None:
    known = _KEYS.get(str(stated.get("type")), _COMPARISON | _NULLITY)
    if odd := sorted(set(stated) - known):
        raise UnjudgeableClause(f"row_condition holds {odd[0]!r}, which has no meaning there")
    several = stated.get("conditions") or ()
    for each in several if isinstance(several, list | tuple) else ():
        if isinstance(each, Mapping):
            _refuse_keys(each)
