"""A producer's query -> one harmless SELECT over the contract's objects, or a refusal.

The statement that runs is written anew from the parsed tree, without its comments: what was looked
at is what runs, even where two parsers would read one text differently.
"""

import re
from collections.abc import Collection, Mapping
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError, SqlglotError

from checks.dataset import Dialect, Relation, quote
from checks.errors import RefusedQuery
from checks.functions import ANONYMOUS, TYPED, TYPES
from checks.sql_columns import only_columns
from checks.sql_growth import bounded
from checks.sql_names import folded, of_with
from checks.sql_nodes import NODES
from checks.sql_reading import same_order, same_words

__all__ = ["fill", "folded", "harmless"]

_BYTES: Final = 20_000
_NODES: Final = 2_000
_PLACEHOLDER: Final = re.compile(r"\$?\{\s*(object|table|model|schema|property|column|field)\s*\}")
_OF_COLUMN: Final = frozenset({"property", "column", "field"})
_LONGEST: Final = 10_000
_WIDTH: Final = re.compile(r"%[^%A-Za-z]*(?:\*|(?<![0-9])-?[0-9]+(?![0-9$]))")
_LENGTHS: Final = {exp.Pad: "expression", exp.Repeat: "times", exp.Space: "this"}
_READ: Final = frozenset({"this", "db", "catalog", "alias", "joins", "laterals", "sample"})


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


def _require_text(query: str) -> None:
    if len(query.encode(errors="replace")) > _BYTES:
        raise RefusedQuery(f"it is longer than {_BYTES:,} bytes")
    if "\0" in query:
        raise RefusedQuery("it holds a character that no text may hold: NUL")


def harmless(
    query: str,
    *,
    tables: Mapping[str, Relation],
    dialect: Dialect = Dialect.DUCKDB,
    columns: Mapping[str, Collection[str]] | None = None,
) -> str:
    """Return ``query``, written anew, when it is one SELECT over ``tables`` that only computes.

    Args:
        query: SQL.
        tables: What stands for each object that it may read, by physical name. It takes the place
            of the name in the query, and goes by that name or by the alias that the query gives.
        dialect: Whose SQL it is, and shall be.
        columns: By physical name: what columns each object has. On PostgreSQL only they may be
            prefixed by an object's name, so none may without; DuckDB does without.

    Raises:
        RefusedQuery: it is anything else, or too long, too deep or unreadable.
    """
    _require_text(query)
    objects = _Objects(tables, dialect, columns or {})
    try:
        tree = _inspected(query, objects)
        same_words(query, dialect)
        same_order(tree, dialect)
        tree = _read_again(tree, objects)
        if dialect is Dialect.POSTGRES:
            only_columns(tree, objects.columns)
        bounded(tree, objects.all_columns(), dialect)
        for table in [*tree.find_all(exp.Table)]:
            objects.put(table)
        return _written(tree, dialect)
    except RecursionError:
        raise RefusedQuery("it is nested too deeply") from None
    except (SqlglotError, ValueError, TypeError, AttributeError, LookupError) as error:
        # sqlglot falls over some calls with too few or odd arguments
        raise RefusedQuery("it cannot be read as SQL") from error


def _inspected(query: str, objects: "_Objects") -> exp.Expression:
    tree = _only_statement(query, objects.dialect)
    _inspect(tree, objects)
    return tree


def _read_again(tree: exp.Expression, objects: "_Objects") -> exp.Expression:
    """What PostgreSQL or DuckDB will read of ``tree``, once written.

    Sqlglot does not escape every text that it writes, so that a part of one may come out as SQL:
    what it wrote is read and inspected, too, and must say the same.
    """
    dialect = objects.dialect
    if dialect is Dialect.POSTGRES:
        _quote_names(tree)
    first = _written(tree, dialect)
    again = _inspected(first, objects)
    second = _written(again, dialect)
    if first == second:
        return again
    last = _inspected(second, objects)
    if first.lower() != second.lower() or second != _written(last, dialect):
        raise RefusedQuery("it can be read in two ways")
    return last


class _Objects:
    """The objects that a query may read, in the words of ``dialect``."""

    def __init__(
        self,
        tables: Mapping[str, Relation],
        dialect: Dialect,
        columns: Mapping[str, Collection[str]],
    ) -> None:
        self.dialect = dialect
        self._tables = tables
        self._columns = columns
        self._lower = {name.lower(): name for name in reversed([*tables])}

    def inspect(self, table: exp.Table) -> None:
        """Refuse whatever is neither an object nor a WITH of the query's own."""
        told = table.sql(dialect=self.dialect.value)[:60]
        if not isinstance(table.this, exp.Identifier):
            raise RefusedQuery(f"it reads from the function {told}")
        if odd := [name for name, value in table.args.items() if value and name not in _READ]:
            raise RefusedQuery(f"it reads {told}: {odd[0].upper()} is not allowed")
        if of_with(table, self.dialect) or self._relation(table):
            return
        if table.db or table.catalog:
            raise RefusedQuery(f"it reads {told}: name an object without a prefix")
        known = ", ".join(sorted(self._tables))
        raise RefusedQuery(f"it reads {table.name[:60]!r}; what can be read here: {known}")

    def put(self, table: exp.Table) -> None:
        """Have ``table`` be read from what stands for it."""
        relation = None if of_with(table, self.dialect) else self._relation(table)
        if relation is None:
            return
        if not table.alias:
            own = exp.TableAlias(this=table.this.copy())
            own.set("columns", getattr(table.args.get("alias"), "columns", None))
            table.set("alias", own)
        table.set("db", None)
        if relation.select is None:
            table.set("db", exp.to_identifier(relation.schema, quoted=True))
            table.set("this", exp.to_identifier(relation.name, quoted=True))
        else:
            table.set("this", exp.Var(this=f"({relation.select})"))

    def columns(self, table: exp.Table) -> Collection[str]:
        """What is known of the columns of ``table``."""
        return self._columns.get(self._named(table), ())

    def all_columns(self) -> Collection[str]:
        """The columns of all objects, as far as they are known."""
        return {column for each in self._columns.values() for column in each}

    def _relation(self, table: exp.Table) -> Relation | None:
        return self._tables.get(self._named(table))

    def _named(self, table: exp.Table) -> str:
        """The physical name of ``table``: letter by letter, else upper and lower case alike."""
        if table.catalog:
            return ""
        name = f"{table.db}.{table.name}" if table.db else table.name
        return name if name in self._tables else self._lower.get(name.lower(), "")


def _quote_names(tree: exp.Expression) -> None:
    """Quote every name as PostgreSQL folds it: unquoted, ``user`` would be no column."""
    for name in tree.find_all(exp.Identifier):
        name.set("this", folded(name, Dialect.POSTGRES))
        name.args["quoted"] = True


def _written(tree: exp.Expression, dialect: Dialect) -> str:
    return tree.sql(dialect=dialect.value, comments=False, unsupported_level=ErrorLevel.IMMEDIATE)


def _only_statement(query: str, dialect: Dialect) -> exp.Expression:
    try:
        read = sqlglot.parse(query, read=dialect.value)
    except ParseError as error:
        place = error.errors[0] if error.errors else {}
        where = f" (line {place['line']}, column {place['col']})" if place else ""
        raise RefusedQuery(f"it cannot be read as SQL{where}") from error
    except SqlglotError as error:
        raise RefusedQuery("it cannot be read as SQL") from error
    statements = [each for each in read if each is not None]
    if len(statements) != 1:
        raise RefusedQuery(f"it holds {len(statements)} statements, not one")
    statement = statements[0]
    bare = statement.unnest()  # type: ignore[no-untyped-call]  # sqlglot's
    if not isinstance(bare, exp.Select | exp.SetOperation):
        raise RefusedQuery("it is no SELECT")
    return statement


def _inspect(tree: exp.Expression, objects: _Objects) -> None:
    dialect = objects.dialect
    for count, node in enumerate(tree.walk(), start=1):
        if count > _NODES:
            raise RefusedQuery(f"it has more than {_NODES:,} parts")
        if isinstance(node, exp.Table):
            objects.inspect(node)
        elif isinstance(node, exp.Func) and type(node) not in NODES[dialect]:
            _inspect_function(node, dialect)
        elif type(node) not in NODES[dialect]:
            raise RefusedQuery(f"{node.key.upper()} is not allowed")
        elif isinstance(node, exp.DataType) and dialect is Dialect.POSTGRES:
            _inspect_type(node)


def _inspect_function(function: exp.Func, dialect: Dialect) -> None:
    anonymous = isinstance(function, exp.Anonymous | exp.AnonymousAggFunc)
    known: list[str] = type(function).sql_names()  # type: ignore[no-untyped-call]  # sqlglot's
    name = (function.name if anonymous else known[0]).lower()
    if name not in (ANONYMOUS if anonymous else TYPED)[dialect]:
        raise RefusedQuery(f"the function {name[:60]} is not allowed")
    if type(function) in _LENGTHS:
        _inspect_length(function.args.get(_LENGTHS[type(function)]), name)
    if isinstance(function, exp.Format):
        _inspect_format(function.this)


def _inspect_length(length: object, name: str) -> None:
    """Refuse a text as long as the query likes: making one text is what no time limit stops."""
    told = length.name if isinstance(length, exp.Literal) and not length.is_string else ""
    if not re.fullmatch("[0-9]{1,5}", told) or int(told) > _LONGEST:
        raise RefusedQuery(f"{name} needs a length that is a number, {_LONGEST:,} at most")


def _inspect_format(template: object) -> None:
    """Refuse a width as large as the query likes, such as ``%1000000000s``; see above."""
    if not isinstance(template, exp.Literal) or _WIDTH.search(template.name):
        raise RefusedQuery("format needs a text that states no width of its own, such as '%s-%s'")


def _inspect_type(type_: exp.DataType) -> None:
    if type_.this not in TYPES and not isinstance(type_.this, exp.Interval):
        raise RefusedQuery(f"the type {type_.sql(dialect='postgres')[:60]} is not allowed")
