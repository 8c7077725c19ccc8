"""PostgreSQL's types: what each is in DuckDB's words, and how its cells are read for judging."""

from dataclasses import dataclass
from typing import Final

from checks.dataset import quote

_SAME: Final = {
    "smallint": "SMALLINT",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "boolean": "BOOLEAN",
    "text": "VARCHAR",
    "character varying": "VARCHAR",
    "date": "DATE",
    "time without time zone": "TIME",
    "timestamp without time zone": "TIMESTAMP",
    "timestamp with time zone": "TIMESTAMP WITH TIME ZONE",
    "interval": "INTERVAL",
    "bytea": "BLOB",
    "json": "JSON",
    "jsonb": "JSON",
}
_WITH_NAN: Final = {"real": "FLOAT", "double precision": "DOUBLE", "numeric": "DECIMAL"}
_MONEY: Final = "money"
_ENUM: Final = "e"
_COMPOSITE: Final = "c"
_DIGITS: Final = 38
"""The most that DuckDB's DECIMAL has; beyond them a scale is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A column as the catalog has it.

    Attributes:
        type: As ``format_type`` writes it, of the base type of a domain: ``numeric(15,2)``.
        kind: The catalog's ``typtype`` of that: ``e`` of an enum, ``c`` of a row.
        readable: Whether the user may read the column.
    """

    name: str
    type: str
    kind: str
    readable: bool = True

    @property
    def spoken(self) -> str:
        """Type of the cells that ``cell`` gives, in DuckDB's words."""
        if self.kind == _ENUM:
            return "ENUM"
        return "STRUCT" if self.kind == _COMPOSITE else _spoken(self.type)

    @property
    def cell(self) -> str:
        """SQL for a cell: NULL for NaN, and text where PostgreSQL compares in ways of its own."""
        name, word = quote(self.name), plain(self.type)
        if word in _WITH_NAN:
            return f"NULLIF({name}, 'NaN')"
        if word in _SAME or word.endswith("[]") or self.kind == _COMPOSITE:
            return name
        return f"CAST({name} AS {'numeric' if word == _MONEY else 'text'})"


def plain(type_: str) -> str:
    """``type_`` without its lengths and scales: ``timestamp(3) with time zone`` has none."""
    head, _, rest = type_.partition("(")
    return head + rest.rpartition(")")[2]


def _spoken(type_: str) -> str:
    if type_.endswith("[]"):
        return f"{_spoken(type_[:-2])}[]"
    word = plain(type_)
    if word == "numeric":
        return _decimal(type_)
    if word == _MONEY:
        return "DECIMAL"
    return _SAME.get(word) or _WITH_NAN.get(word, "VARCHAR")


def _decimal(type_: str) -> str:
    digits = type_.partition("(")[2].rstrip(")")
    precision, _, scale = digits.partition(",")
    fixed = digits and int(precision) <= _DIGITS and 0 <= int(scale) <= int(precision)
    return f"DECIMAL({precision},{scale})" if fixed else "DECIMAL"
