"""PostgreSQL calls a function where ``a.name`` names no column of ``a``: only columns pass."""

from collections.abc import Callable, Collection, Iterator
from typing import Final

from sqlglot import exp

from checks.dataset import Dialect
from checks.errors import RefusedQuery
from checks.sql_names import folded, of_with

_SOURCES: Final = (exp.Table, exp.Subquery, exp.Lateral, exp.Unnest, exp.Values)
_NONE: Final[frozenset[str]] = frozenset()


def only_columns(tree: exp.Expression, known: Callable[[exp.Table], Collection[str]]) -> None:
    """Make sure that every prefixed name of ``tree`` is surely a column of what it is prefixed by.

    Args:
        tree: A query in PostgreSQL's words.
        known: The columns of the object that a table of ``tree`` names.

    Raises:
        RefusedQuery: one may be a call: ``a.f`` is ``f(a)`` there.
    """
    names = _Names(known)
    for column in tree.find_all(exp.Column):
        if column.args.get("table") and not isinstance(column.this, exp.Star):
            names.claim(column)


class _Names:
    """What the relations of a query surely have for columns."""

    def __init__(self, known: Callable[[exp.Table], Collection[str]]) -> None:
        self._known = known
        self._made: dict[int, frozenset[str]] = {}

    def claim(self, column: exp.Column) -> None:
        told = column.sql(dialect=Dialect.POSTGRES.value)[:60]
        if column.args.get("db"):
            raise RefusedQuery(f"{told} has too many parts: name a column by one prefix")
        prefix, name = _folded(column.args["table"]), _folded(column.this)
        # which of two levels PostgreSQL means hangs on what is in force where: all have to fit
        meant = [each for level in _levels(column) for each in _sources(level, prefix)]
        if not meant or any(name not in self._of(each) for each in meant):
            raise RefusedQuery(f"{told} is no known column: give it a name of its own, with AS")

    def _of(self, source: exp.Expression) -> frozenset[str]:
        alias = source.args.get("alias")
        if isinstance(alias, exp.TableAlias) and alias.columns:
            return frozenset(_folded(each) for each in alias.columns)
        if isinstance(source, exp.Table):
            return self._of_table(source)
        inner = source.this if isinstance(source, exp.Lateral) else source
        if isinstance(inner, exp.Subquery):
            return self._of_query(inner.this)
        return _NONE

    def _of_table(self, table: exp.Table) -> frozenset[str]:
        part = of_with(table, Dialect.POSTGRES)
        if part is None:
            return frozenset(self._known(table))
        alias = part.args["alias"]
        if alias.columns:
            return frozenset(_folded(each) for each in alias.columns)
        return self._of_query(part.this)

    def _of_query(self, query: exp.Expression) -> frozenset[str]:
        """Columns of what ``query`` returns; of a UNION, its first part names them."""
        while isinstance(query, exp.SetOperation | exp.Subquery):
            query = query.this
        if not isinstance(query, exp.Select):
            return _NONE
        if id(query) not in self._made:
            self._made[id(query)] = _NONE  # of one that reads itself nothing is known within
            names = (name for each in query.expressions for name in self._returned(each, query))
            self._made[id(query)] = frozenset(names)
        return self._made[id(query)]

    def _returned(self, each: exp.Expression, query: exp.Select) -> Iterator[str]:
        if isinstance(each, exp.Alias):
            yield _folded(each.args["alias"])
        elif isinstance(each, exp.Star):
            for source in _sources(query, None):
                yield from self._of(source)
        elif isinstance(each, exp.Column) and isinstance(each.this, exp.Star):
            for source in _sources(query, _folded(each.args["table"])):
                yield from self._of(source)
        elif isinstance(each, exp.Column):
            yield _folded(each.this)


def _levels(column: exp.Expression) -> Iterator[exp.Select]:
    """Every SELECT around ``column``."""
    level = column.find_ancestor(exp.Select)
    while isinstance(level, exp.Select):
        yield level
        level = level.find_ancestor(exp.Select)


def _sources(level: exp.Select, prefix: str | None) -> Iterator[exp.Expression]:
    """What ``level`` itself reads from under the name ``prefix``; under any, if that is None."""
    parts = [level.args.get("from_"), *level.args.get("joins", ()), *level.args.get("laterals", ())]
    for part in parts:
        if part is None:
            continue
        for source in part.find_all(*_SOURCES):
            if source.find_ancestor(exp.Select) is level and _is_called(source, prefix):
                yield source


def _is_called(source: exp.Expression, prefix: str | None) -> bool:
    if prefix is None:
        return True
    alias = source.args.get("alias")
    if isinstance(alias, exp.TableAlias) and alias.this:
        return _folded(alias.this) == prefix
    return isinstance(source, exp.Table) and _folded(source.this) == prefix


def _folded(name: object) -> str:
    return folded(name, Dialect.POSTGRES) if isinstance(name, exp.Identifier) else ""
