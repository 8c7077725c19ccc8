"""Which name in a query is the same as which other, and where a WITH is in force."""

from collections.abc import Iterator
from string import ascii_lowercase, ascii_uppercase
from typing import Final

from sqlglot import exp

from checks.dataset import Dialect

_LOWER: Final = str.maketrans(ascii_uppercase, ascii_lowercase)


def folded(name: exp.Identifier, dialect: Dialect) -> str:
    """``name`` as ``dialect`` compares it with others."""
    if dialect is Dialect.DUCKDB:
        return name.name.lower()
    return name.name if name.args.get("quoted") else name.name.translate(_LOWER)


def of_with(table: exp.Table, dialect: Dialect) -> exp.CTE | None:
    """The part of a WITH in force that ``table`` names; None where it names an object."""
    if table.db or table.catalog:
        return None
    name = folded(table.this, dialect)
    parts = _in_force(table, dialect)
    return next((cte for cte in parts if folded(cte.args["alias"].this, dialect) == name), None)


def _in_force(table: exp.Expression, dialect: Dialect) -> Iterator[exp.CTE]:
    """Every part of a WITH around ``table``; inside a WITH only those before it are.

    In a WITH RECURSIVE a part may read itself, and on PostgreSQL those after it, too.
    """
    inner: exp.Expression = table
    while (outer := inner.parent) is not None:
        parts: list[exp.CTE] = []
        if isinstance(outer, exp.With) and isinstance(inner, exp.CTE):
            recursive = bool(outer.args.get("recursive"))
            place = outer.expressions.index(inner)
            every = recursive and dialect is Dialect.POSTGRES
            parts = outer.expressions[: None if every else place + recursive]
        elif isinstance(outer.args.get("with_"), exp.With) and inner is not outer.args["with_"]:
            parts = outer.args["with_"].expressions
        yield from parts
        inner = outer
