"""Clauses about the cells of one column -> Pandera checks, each named by its clause's key."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, TypeAlias

import ibis.expr.types as ir
import pandera.ibis as pa
from pandera.api.ibis.types import IbisData

from checks.dataset import Dialect, TableColumn
from checks.engines.pandera.bounds import bound, listed
from checks.engines.pandera.families import family
from checks.errors import UnjudgeableClause
from checks.patterns import posix
from contracts.clause import Clause, Kind

_Rule: TypeAlias = Callable[[Clause, TableColumn, Dialect], list[pa.Check]]
_BOUNDS: Final[Mapping[Kind, tuple[Callable[..., pa.Check], bool]]] = {
    Kind.MINIMUM: (pa.Check.ge, True),
    Kind.MAXIMUM: (pa.Check.le, False),
    Kind.EXCLUSIVE_MINIMUM: (pa.Check.gt, False),
    Kind.EXCLUSIVE_MAXIMUM: (pa.Check.lt, True),
}


def checks(clause: Clause, there: TableColumn, dialect: Dialect) -> list[pa.Check]:
    """What Pandera is to check for ``clause``: nothing where the schema alone tells.

    Raises:
        UnjudgeableClause: it cannot be asked of such a column.
    """
    rule = _RULES.get(clause.kind)
    return [] if rule is None else rule(clause, there, dialect)


def _readable(clause: Clause, there: TableColumn, _: Dialect) -> list[pa.Check]:
    """For text: every cell that is there could be parsed. Other types are told by the schema."""
    if not there.parsed:
        return []
    check = partial(_parsed, delivered=there.delivered)
    return [pa.Check(check, name=clause.key, ignore_na=False)]


def _parsed(cells: IbisData, *, delivered: str) -> ir.BooleanValue:
    return cells.table[cells.key].notnull() | cells.table[delivered].isnull()


def _bound(clause: Clause, there: TableColumn, _: Dialect) -> list[pa.Check]:
    check, up = _BOUNDS[clause.kind]
    return [check(bound(clause.arguments["value"], there.type, up=up), name=clause.key)]


def _enum(clause: Clause, there: TableColumn, _: Dialect) -> list[pa.Check]:
    values = clause.arguments["values"]
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise UnjudgeableClause(f"needs a list of values, not {values!r}")
    return [pa.Check(partial(_among, values=listed(values, there.type)), name=clause.key)]


def _among(cells: IbisData, *, values: Sequence[object]) -> ir.BooleanValue:
    """In a list; where that is empty, false of all cells but NULL, of which it is NULL as well."""
    column = cells.table[cells.key]
    return column.isin(values) if values else column != column  # noqa: PLR0124 - NULL of NULL


def _length(clause: Clause, there: TableColumn, _: Dialect) -> list[pa.Check]:
    _needs_text(there, "length")
    length = int(str(clause.arguments["value"]))
    if clause.kind is Kind.MIN_LENGTH:
        return [pa.Check.str_length(min_value=length, name=clause.key)]
    return [pa.Check.str_length(max_value=length, name=clause.key)]


def _pattern(clause: Clause, there: TableColumn, dialect: Dialect) -> list[pa.Check]:
    """Not Pandera's own check, which wants a pattern to be Python's, too."""
    _needs_text(there, "pattern")
    pattern = str(clause.arguments["value"])
    spoken = posix(pattern) if dialect is Dialect.POSTGRES else pattern
    if spoken is None:
        raise UnjudgeableClause(f"the pattern {pattern!r} means something else to this database")
    return [pa.Check(partial(_found, pattern=spoken), name=clause.key)]


def _found(cells: IbisData, *, pattern: str) -> ir.BooleanValue:
    return cells.table[cells.key].re_search(pattern)


def _needs_text(there: TableColumn, what: str) -> None:
    if family(there.type) != "VARCHAR":
        raise UnjudgeableClause(f"a column of type {there.source_type} has no {what}")


_RULES: Final[Mapping[Kind, _Rule]] = {
    Kind.TYPE: _readable,
    **dict.fromkeys(_BOUNDS, _bound),
    Kind.ENUM: _enum,
    Kind.MIN_LENGTH: _length,
    Kind.MAX_LENGTH: _length,
    Kind.PATTERN: _pattern,
}
