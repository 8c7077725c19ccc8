"""Which promised column a query speaks of that its object lacks."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from checks.dataset import Table

_NAMING: Final = (exp.Alias, exp.TableAlias)


def absent_column(
    query: str, tables: Mapping[str, Table], absent: Mapping[str, Collection[str]]
) -> str | None:
    """The first column that ``query`` names and the data lacks, though it is promised.

    Args:
        query: SQL in DuckDB's dialect; in one that cannot be read no column is found.
        tables: By physical name: what is there.
        absent: By physical name: the promised columns that are not. SQL ignores case, so one that
            is there in another spelling does not count.

    Returns:
        Its name as promised; None too where the name may be another's: of a column of another
        object that the query reads, or one that the query makes.
    """
    try:
        trees = [tree for tree in sqlglot.parse(query, read="duckdb") if tree is not None]
    except (SqlglotError, RecursionError):
        return None
    return next((name for tree in trees for name in _absent(tree, tables, absent)), None)


def _absent(
    tree: exp.Expression, tables: Mapping[str, Table], absent: Mapping[str, Collection[str]]
) -> Iterator[str]:
    read = _read(tree, tables)
    every, made = [*read.values()], set(_made(tree))
    for column in tree.find_all(exp.Column):
        name, prefix = column.name.lower(), column.table.lower()
        if not prefix:
            objects, taken = every, made
        elif prefix in read:
            objects, taken = [read[prefix]], set()
        else:
            continue
        if name not in taken | _there(objects, tables):
            yield from _spelt(name, (absent.get(each, ()) for each in objects))


def _read(tree: exp.Expression, tables: Mapping[str, Table]) -> Mapping[str, str]:
    """By the name that the query calls it, lowered: the objects that the query reads."""
    known = {name.lower(): name for name in tables}
    return {
        node.alias_or_name.lower(): known[node.name.lower()]
        for node in tree.find_all(exp.Table)
        if node.name.lower() in known
    }


def _there(objects: Collection[str], tables: Mapping[str, Table]) -> set[str]:
    return {column.lower() for name in objects for column in tables[name].columns}


def _spelt(name: str, absent: Iterator[Collection[str]]) -> Iterator[str]:
    """``name``, lowered, as the promise spells it."""
    return (each for columns in absent for each in columns if each.lower() == name)


def _made(tree: exp.Expression) -> Iterator[str]:
    """Names that the query gives to columns of its own, lowered."""
    for node in tree.find_all(*_NAMING):
        if isinstance(node, exp.TableAlias):
            yield from (column.name.lower() for column in node.columns)
        else:
            yield node.alias.lower()
