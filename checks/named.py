"""Which promised column a query speaks of that its object lacks."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from checks.dataset import Dialect, Table
from checks.sql import folded

_NAMING: Final = (exp.Alias, exp.TableAlias)


def absent_column(
    query: str,
    tables: Mapping[str, Table],
    absent: Mapping[str, Collection[str]],
    *,
    dialect: Dialect = Dialect.DUCKDB,
) -> str | None:
    """The first column that ``query`` names and the data lacks, though it is promised.

    Args:
        query: SQL; in one that cannot be read no column is found.
        tables: By physical name: what is there.
        absent: By physical name: the promised columns that are not. One that the query would find
            in another spelling does not count: DuckDB ignores case.
        dialect: Whose SQL it is.

    Returns:
        Its name as promised; None too where the name may be another's: of a column of another
        object that the query reads, or one that the query makes.
    """
    try:
        trees = [tree for tree in sqlglot.parse(query, read=dialect.value) if tree is not None]
    except (SqlglotError, RecursionError):
        return None
    names = _Names(tables, absent, dialect)
    return next((name for tree in trees for name in names.absent(tree)), None)


@dataclass(frozen=True, slots=True)
class _Names:
    """Names as a query of this dialect compares them."""

    tables: Mapping[str, Table]
    promised: Mapping[str, Collection[str]]
    dialect: Dialect

    def absent(self, tree: exp.Expression) -> Iterator[str]:
        read = self._read(tree)
        every, made = [*read.values()], set(self._made(tree))
        for column in tree.find_all(exp.Column):
            name, prefix = self._folded(column.this), self._folded(column.args.get("table"))
            if not prefix:
                objects, taken = every, made
            elif prefix in read:
                objects, taken = [read[prefix]], set()
            else:
                continue
            if name not in taken | self._there(objects):
                yield from self._spelt(name, objects)

    def _read(self, tree: exp.Expression) -> Mapping[str, str]:
        """By the name that the query calls it: the objects that the query reads."""
        known = {name.lower(): name for name in self.tables}
        return {
            self._folded(_called(node)): known[node.name.lower()]
            for node in tree.find_all(exp.Table)
            if node.name.lower() in known
        }

    def _there(self, objects: Collection[str]) -> set[str]:
        return {self._stored(column) for name in objects for column in self.tables[name].columns}

    def _spelt(self, name: str, objects: Collection[str]) -> Iterator[str]:
        """The promised columns of ``objects`` that ``name`` means, as the promise spells them."""
        columns = (column for each in objects for column in self.promised.get(each, ()))
        return (column for column in columns if self._stored(column) == name)

    def _made(self, tree: exp.Expression) -> Iterator[str]:
        """Names that the query gives to columns of its own."""
        for node in tree.find_all(*_NAMING):
            if isinstance(node, exp.TableAlias):
                yield from (self._folded(column) for column in node.columns)
            else:
                yield self._folded(node.args.get("alias"))

    def _folded(self, name: object) -> str:
        return folded(name, self.dialect) if isinstance(name, exp.Identifier) else ""

    def _stored(self, name: str) -> str:
        return name.lower() if self.dialect is Dialect.DUCKDB else name


def _called(table: exp.Table) -> object:
    alias = table.args.get("alias")
    return alias.this if isinstance(alias, exp.TableAlias) and alias.this else table.this
