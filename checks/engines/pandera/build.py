"""Clauses about one table -> a Pandera schema over an ibis table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import ibis
import ibis.expr.types as ir
import pandera.ibis as pa
from ibis.backends.sql.datatypes import DuckDBType
from pandera.api.ibis.types import IbisData

from checks.dataset import Session, Table, TableColumn
from checks.engines.pandera.bounds import bound, listed
from checks.engines.pandera.families import Promised
from checks.engines.pandera.schema import DELIVERED, CountingSchema
from checks.engines.pandera.tally import Tally
from checks.errors import UnjudgeableClause
from contracts.clause import Clause, Kind

ROWS: Final = "rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What can be validated: ``schema`` over ``table``.

    Attributes:
        refused: By key of a clause that makes no rule: why it does not.
    """

    schema: CountingSchema
    table: ir.Table
    refused: Mapping[str, Exception]


def build(session: Session, table: Table, clauses: Sequence[Clause]) -> Built:
    """One schema for all ``clauses`` about ``table``; each check is named by its clause's key."""
    frame = ibis.table(_types(table), name=table.judged.name, database=table.judged.schema)
    checks: dict[str, list[pa.Check]] = {}
    refused: dict[str, Exception] = {}
    for clause in clauses:
        there = table.columns.get(clause.column or "")
        if there is None or clause.kind not in _CHECKS:
            continue
        try:
            check = _CHECKS[clause.kind](clause, there)
        except (UnjudgeableClause, TypeError, ValueError) as error:
            refused[clause.key] = error
        else:
            checks.setdefault(there.name, []).extend(check)
    names = dict.fromkeys(clause.column for clause in clauses if clause.column)
    columns = {
        name: _column(table.columns.get(name), name, clauses, checks.get(name, ()))
        for name in names
    }
    tally = Tally(session, _beside(frame, clauses))
    schema = CountingSchema(columns, name=table.name, tally=tally)
    return Built(schema=schema, table=frame, refused=refused)


def observed(clause: Clause) -> str:
    """Name of the aggregate that a bound is about: its column's least or greatest value."""
    return f"{clause.kind}:{clause.column}"


def _types(table: Table) -> dict[str, object]:
    types: dict[str, object] = {}
    for column in table.columns.values():
        types[column.name] = DuckDBType.from_string(column.type)
        types.setdefault(column.delivered, DuckDBType.from_string("VARCHAR"))
    return types


def _column(
    there: TableColumn | None, name: str, clauses: Sequence[Clause], checks: Sequence[pa.Check]
) -> pa.Column:
    own = {clause.kind: clause for clause in clauses if clause.column == name}
    return pa.Column(
        dtype=_promised(own.get(Kind.TYPE), there),
        checks=list(checks),
        nullable=Kind.REQUIRED not in own,
        unique=Kind.UNIQUE in own,
        required=Kind.COLUMN_PRESENT in own,
        metadata={DELIVERED: there.delivered if there else name},
    )


def _promised(clause: Clause | None, there: TableColumn | None) -> Promised | None:
    if clause is None or there is None or there.parsed:
        return None
    return Promised(str(clause.arguments["logical_type"]), there.source_type)


def _beside(frame: ir.Table, clauses: Sequence[Clause]) -> dict[str, ir.Scalar]:
    asked: dict[str, ir.Scalar] = {ROWS: frame.count()}
    for clause in clauses:
        if clause.column in frame.columns and clause.kind in {Kind.MINIMUM, Kind.MAXIMUM}:
            cells = frame[clause.column]
            asked[observed(clause)] = cells.min() if clause.kind is Kind.MINIMUM else cells.max()
    return asked


def _readable(clause: Clause, there: TableColumn) -> list[pa.Check]:
    """For text: every cell that is there could be parsed. Other types are told by the schema."""
    if not there.parsed:
        return []
    check = partial(_parsed, delivered=there.delivered)
    return [pa.Check(check, name=clause.key, ignore_na=False)]


def _parsed(cells: IbisData, *, delivered: str) -> ir.BooleanValue:
    return cells.table[cells.key].notnull() | cells.table[delivered].isnull()


def _minimum(clause: Clause, there: TableColumn) -> list[pa.Check]:
    least = bound(clause.arguments["value"], there.type, lower=True)
    return [pa.Check.ge(least, name=clause.key)]


def _maximum(clause: Clause, there: TableColumn) -> list[pa.Check]:
    greatest = bound(clause.arguments["value"], there.type, lower=False)
    return [pa.Check.le(greatest, name=clause.key)]


def _enum(clause: Clause, there: TableColumn) -> list[pa.Check]:
    values = clause.arguments["values"]
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise UnjudgeableClause(f"needs a list of values, not {values!r}")
    return [pa.Check(partial(_among, values=listed(values, there.type)), name=clause.key)]


def _among(cells: IbisData, *, values: Sequence[object]) -> ir.BooleanValue:
    return cells.table[cells.key].isin(values)


_CHECKS: Final[Mapping[Kind, Callable[[Clause, TableColumn], list[pa.Check]]]] = {
    Kind.TYPE: _readable,
    Kind.MINIMUM: _minimum,
    Kind.MAXIMUM: _maximum,
    Kind.ENUM: _enum,
}
