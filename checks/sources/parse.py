"""Text of a CSV cell -> a typed cell, as SQL; one that is no such value becomes NULL, no error."""

import re
from collections.abc import Mapping
from typing import Final

from contracts.values import Json

_INTEGER: Final = r"\s*[+-]?[0-9]+\s*"
_NUMBER: Final = r"(?i)\s*[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|inf|infinity|nan)\s*"
_DATE: Final = r"\s*[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}\s*"
_TIME: Final = r"\s*[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?\s*"
_TIMESTAMP: Final = (
    r"\s*[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}[Tt ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?"
    r"\s*([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?\s*"
)
_BOOLEAN: Final = r"(?i)\s*(true|false|t|f|yes|no|y|n|1|0)\s*"
_READ: Final = {
    "integer": (_INTEGER, "TRY_CAST({} AS HUGEINT)"),
    "number": (_NUMBER, "NULLIF(TRY_CAST({} AS DOUBLE), 'nan'::DOUBLE)"),
    "boolean": (_BOOLEAN, "TRY_CAST(trim({}) AS BOOLEAN)"),
    "date": (_DATE, "TRY_CAST({} AS DATE)"),
    "time": (_TIME, "TRY_CAST({} AS TIME)"),
    "timestamp": (_TIMESTAMP, "TRY_CAST({} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'"),
}
"""Shape of a readable cell, and how it is read: DuckDB alone would read 1.5 as the integer 2."""

_NOT_A_NUMBER: Final = r"(?i)\s*[+-]?nan\s*"
_JSON: Final = {"array": "ARRAY", "object": "OBJECT", "map": "OBJECT"}
_WORDS: Final = {
    "yyyy": "%Y", "yy": "%y", "M": "%-m", "MM": "%m", "MMM": "%b", "MMMM": "%B",
    "d": "%-d", "dd": "%d", "HH": "%H", "hh": "%I", "a": "%p", "mm": "%M", "ss": "%S",
    "SSS": "%g", "SSSSSS": "%f",
}  # fmt: skip
_PIECE: Final = re.compile(r"'([^']*)'|([A-Za-z])\2*|[^A-Za-z']+")


def typed(cell: str, logical_type: str | None, options: Mapping[str, Json]) -> str:
    """SQL for the typed value of ``cell``; the text itself where the type is unknown or a text.

    Integers may have 38 digits; zoned timestamps become naive ones in UTC.

    Args:
        cell: SQL for the text.
        logical_type: The promised type.
        options: May hold a ``format`` for dates and timestamps, in the letters of Java's
            DateTimeFormatter.
    """
    pattern = strptime_format(options.get("format"))
    if pattern is not None and logical_type in ("date", "timestamp"):
        read = f"TRY_STRPTIME({cell}, {_literal(pattern)})"
        return f"CAST({read} AS {logical_type.upper()})"
    if logical_type in _JSON:
        kind = f"CASE WHEN json_type({cell}) = '{_JSON[logical_type]}' THEN {cell} END"
        return f"CASE WHEN json_valid({cell}) THEN {kind} END"
    if logical_type not in _READ:
        return cell
    shape, read = _READ[logical_type]
    return f"CASE WHEN regexp_full_match({cell}, {_literal(shape)}) THEN {read.format(cell)} END"


def delivered(cell: str, logical_type: str | None) -> str:
    """SQL for the text of ``cell``, NULL when missing: "nan" is where a number is promised."""
    if logical_type != "number":
        return cell
    return (
        f"CASE WHEN regexp_full_match({cell}, {_literal(_NOT_A_NUMBER)}) THEN NULL ELSE {cell} END"
    )


def strptime_format(pattern: Json) -> str | None:
    """Java's date pattern as one of strptime; None where it is none that is known here."""
    if not isinstance(pattern, str):
        return None
    words: list[str] = []
    for piece in _PIECE.finditer(pattern):
        text = piece[0]
        if piece[1] is not None:
            words.append(piece[1].replace("%", "%%"))
        elif text[0].isalpha():
            if text not in _WORDS:
                return None
            words.append(_WORDS[text])
        else:
            words.append(text.replace("%", "%%"))
    found = "".join(words)
    return found if "%" in found else None


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
