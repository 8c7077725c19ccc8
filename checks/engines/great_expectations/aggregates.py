"""A query that is nothing but aggregates of one object -> an expression among others.

``SELECT count(*) FROM orders WHERE amount < 0`` reads every row of the object, as do all other
rules about it; as ``count(CASE WHEN amount < 0 THEN 1 END)`` it reads them in the same pass. A CASE
and not a FILTER: DuckDB computes what a FILTER leaves out, and raises where that cannot be.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from checks.dataset import Dialect, Table, quote
from checks.errors import RefusedQuery
from checks.sql import folded, harmless

_OPEN_TO_CASE: Final = frozenset(
    {
        exp.Count,
        exp.Sum,
        exp.Avg,
        exp.Min,
        exp.Max,
        exp.Stddev,
        exp.StddevSamp,
        exp.StddevPop,
        exp.Variance,
        exp.VariancePop,
    }
)
"""Aggregates of one argument that pass over NULL and do not mind the order of rows."""

_NOT_PLAIN: Final = (
    exp.Query, exp.Subquery, exp.Window, exp.Columns, exp.IgnoreNulls, exp.RespectNulls, exp.Order,
    exp.Lambda, exp.WithinGroup, exp.UDTF, exp.Explode,
)  # fmt: skip
_PARTS: Final = frozenset({"expressions", "from_", "where"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """``expression``, over aggregates of ``table``, that gives what a query gives."""

    table: Table
    expression: str


class _Other(Exception):
    """The query is more than aggregates of one object."""


def aggregate(query: str, tables: Mapping[str, Table], *, dialect: Dialect) -> Aggregate | None:
    """The query as an expression; None where it has to run as it is.

    Args:
        query: SQL that was found harmless, in ``dialect``.
        tables: By physical name: what it may read.
        dialect: Whose SQL it is.
    """
    try:
        tree = sqlglot.parse_one(query, read=dialect.value)
        found = _Plain(tree, tables, dialect).aggregate()
        _inspect_again(found, dialect)
    except (_Other, RefusedQuery, SqlglotError, RecursionError):
        return None
    return found


def _inspect_again(found: Aggregate, dialect: Dialect) -> None:
    """Make sure that what was written is as harmless as what it was made of."""
    table = found.table
    begun = f"SELECT {found.expression} FROM "  # noqa: S608 - it is inspected here
    tables = {table.name: table.judged}
    _claim(harmless(begun + quote(table.name), tables=tables, dialect=dialect).startswith(begun))


class _Plain:
    """One SELECT of one expression over aggregates of one object."""

    def __init__(self, tree: exp.Expression, tables: Mapping[str, Table], dialect: Dialect) -> None:
        _claim(isinstance(tree, exp.Select))
        parts = {name for name, part in tree.args.items() if part}
        _claim(parts <= _PARTS and len(tree.expressions) == 1)
        self._dialect = dialect
        self._expression: exp.Expression = tree.expressions[0].unalias()
        self._clause: exp.Expression | None = tree.args.get("where")
        self._called, self._table = self._from(tree.args.get("from_"), tables)

    @property
    def _where(self) -> exp.Expression | None:
        """The condition as it is by now: it may be a column alone, whose place another takes."""
        return self._clause.this if self._clause else None

    def aggregate(self) -> Aggregate:
        """It as an expression."""
        self._inspect()
        for column in [*self._all(exp.Column)]:
            column.replace(self._own(column))
        holder = exp.Paren(this=self._expression)
        if self._where is not None:
            for each in [*holder.find_all(exp.AggFunc)]:
                self._narrow(each)
        text = holder.this.sql(dialect=self._dialect.value, comments=False)
        return Aggregate(table=self._table, expression=text)

    def _from(self, from_: exp.Expression | None, tables: Mapping[str, Table]) -> tuple[str, Table]:
        """What columns may be prefixed with, and the object that is read."""
        read = from_.this if from_ else None
        if not isinstance(read, exp.Table):
            raise _Other
        _claim({name for name, part in read.args.items() if part} <= {"this", "alias"})
        alias = read.args.get("alias")
        _claim(not (alias and alias.columns))
        exact = [read.name] if read.name in tables else []
        found = exact or [name for name in tables if name.lower() == read.name.lower()]
        _claim(len(found) == 1)
        called = alias.this if alias else read.this
        return folded(called, self._dialect), tables[found[0]]

    def _inspect(self) -> None:
        """Make sure that aggregates are all that reads a row, and only such as can be narrowed."""
        _claim(not any(self._all(*_NOT_PLAIN)))
        _claim(self._where is None or not self._where.find(exp.AggFunc))
        aggregates = [*self._expression.find_all(exp.AggFunc)]
        _claim(bool(aggregates))
        for each in aggregates:
            _claim(type(each) in _OPEN_TO_CASE and each.this is not None)
            _claim(not each.expressions and not each.this.find(exp.AggFunc))
            _claim(not isinstance(each.this, exp.Distinct) or len(each.this.expressions) == 1)
        for star in self._all(exp.Star):
            _claim(isinstance(star.parent, exp.Count))
        for column in self._expression.find_all(exp.Column):
            _claim(column.find_ancestor(exp.AggFunc, exp.Filter) is not None)

    def _all(self, *types: type[exp.Expression]) -> Iterator[exp.Expression]:
        yield from self._expression.find_all(*types)
        if self._where is not None:
            yield from self._where.find_all(*types)

    def _own(self, column: exp.Expression) -> exp.Expression:
        """The object's own column, spelt as it is there and without a prefix."""
        identifier = column.this
        _claim(isinstance(identifier, exp.Identifier))
        _claim(not column.args.get("db"))
        prefix = column.args.get("table")
        _claim(prefix is None or folded(prefix, self._dialect) == self._called)
        name = folded(identifier, self._dialect)
        quoted = (exp.to_identifier(each, quoted=True) for each in self._table.columns)
        found = [each.name for each in quoted if folded(each, self._dialect) == name]
        _claim(len(found) == 1)
        return exp.column(found[0], quoted=True)

    def _narrow(self, aggregate_: exp.Expression) -> None:
        """Let ``aggregate_`` see only the rows that the query's own condition leaves."""
        argument = aggregate_.this
        if isinstance(argument, exp.Distinct):
            argument = argument.expressions[0]
        seen = exp.Literal.number(1) if isinstance(argument, exp.Star) else argument.copy()
        around = aggregate_.parent
        if isinstance(around, exp.Filter):
            seen = _case(around.expression.this.copy(), seen)
            around.replace(aggregate_)
        condition = self._where.copy() if self._where is not None else exp.true()
        argument.replace(_case(condition, seen))


def _case(condition: exp.Expression, value: exp.Expression) -> exp.Case:
    return exp.Case(ifs=[exp.If(this=condition, true=value)])


def _claim(holds: bool) -> None:  # noqa: FBT001 - what is claimed
    if not holds:
        raise _Other
