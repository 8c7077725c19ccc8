"""A producer's query -> one harmless SELECT over the contract's objects, or a refusal.

The statement that runs is written anew from the parsed tree, without its comments: what was looked
at is what runs, even where two parsers would read one text differently.
"""

import re
from collections.abc import Collection
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

from checks.dataset import quote
from checks.errors import RefusedQuery
from checks.functions import ANONYMOUS, TYPED

_BYTES: Final = 20_000
_NODES: Final = 2_000
_PLACEHOLDER: Final = re.compile(r"\$?\{\s*(object|table|model|schema|property|column|field)\s*\}")
_OF_COLUMN: Final = frozenset({"property", "column", "field"})
_FORBIDDEN: Final = (
    exp.Command, exp.Copy, exp.DDL, exp.Drop, exp.Alter, exp.DML, exp.Merge, exp.Set, exp.Pragma,
    exp.Attach, exp.Detach, exp.Use, exp.Into, exp.Placeholder, exp.Parameter, exp.SessionParameter,
    exp.Pivot,
)  # fmt: skip


def fill(query: str, *, table: str, column: str | None) -> str:
    """``query`` with its placeholders, ``{table}`` or ``${table}``, replaced by quoted names.

    Raises:
        RefusedQuery: it speaks of a column, but its rule stands on none.
    """

    def name(match: re.Match[str]) -> str:
        if match[1] not in _OF_COLUMN:
            return quote(table)
        if column is None:
            raise RefusedQuery(f"it holds {match[0]}, but the rule stands on no column")
        return quote(column)

    return _PLACEHOLDER.sub(name, query)


def harmless(query: str, *, tables: Collection[str]) -> str:
    """Return ``query``, written anew, when it is one SELECT over ``tables`` that only computes.

    Args:
        query: SQL in DuckDB's dialect.
        tables: Physical names of the objects it may read.

    Raises:
        RefusedQuery: it is anything else, or too long, too deep or unreadable.
    """
    if len(query.encode()) > _BYTES:
        raise RefusedQuery(f"it is longer than {_BYTES:,} bytes")
    try:
        tree = _only_statement(query)
        _inspect(tree, {name.lower() for name in tables})
        return tree.sql(dialect="duckdb", comments=False)
    except RecursionError:
        raise RefusedQuery("it is nested too deeply") from None


def _only_statement(query: str) -> exp.Expression:
    try:
        statements = [each for each in sqlglot.parse(query, read="duckdb") if each is not None]
    except ParseError as error:
        place = error.errors[0] if error.errors else {}
        where = f" (line {place['line']}, column {place['col']})" if place else ""
        raise RefusedQuery(f"it cannot be read as SQL{where}") from error
    except SqlglotError as error:
        raise RefusedQuery("it cannot be read as SQL") from error
    if len(statements) != 1:
        raise RefusedQuery(f"it holds {len(statements)} statements, not one")
    statement = statements[0]
    bare = statement.unnest()  # type: ignore[no-untyped-call]  # sqlglot's
    if not isinstance(bare, exp.Select | exp.SetOperation):
        raise RefusedQuery("it is no SELECT")
    return statement


def _inspect(tree: exp.Expression, tables: set[str]) -> None:
    known = tables | {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    for count, node in enumerate(tree.walk(), start=1):
        if count > _NODES:
            raise RefusedQuery(f"it has more than {_NODES:,} parts")
        if isinstance(node, _FORBIDDEN):
            raise RefusedQuery(f"{node.key.upper()} is not allowed")
        if isinstance(node, exp.Table):
            _inspect_table(node, known)
        elif isinstance(node, exp.Func):
            _inspect_function(node)


def _inspect_table(table: exp.Table, known: set[str]) -> None:
    if not isinstance(table.this, exp.Identifier):
        raise RefusedQuery(f"it reads from the function {table.this.sql(dialect='duckdb')[:60]}")
    if table.db or table.catalog:
        raise RefusedQuery(
            f"it reads {table.sql(dialect='duckdb')[:60]}: name an object without a prefix"
        )
    if table.name.lower() not in known:
        raise RefusedQuery(
            f"it reads {table.name[:60]!r}; the contract has {', '.join(sorted(known))}"
        )


def _inspect_function(function: exp.Func) -> None:
    anonymous = isinstance(function, exp.Anonymous | exp.AnonymousAggFunc)
    known: list[str] = type(function).sql_names()  # type: ignore[no-untyped-call]  # sqlglot's
    name = (function.name if anonymous else known[0]).lower()
    if name not in (ANONYMOUS if anonymous else TYPED):
        raise RefusedQuery(f"the function {name} is not allowed")
