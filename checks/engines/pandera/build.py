"""Clauses about one table -> a Pandera schema over an ibis table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pandera.ibis as pa
from ibis.backends.sql.datatypes import DuckDBType

from checks.dataset import Dataset, Table, TableColumn
from checks.engines.pandera.families import Promised
from checks.engines.pandera.keys import Key
from checks.engines.pandera.rules import checks
from checks.engines.pandera.schema import DELIVERED, EXTREMES, CountingSchema
from checks.engines.pandera.tally import Tally
from checks.errors import CheckError
from contracts.clause import Clause, Kind

ROWS: Final = "rows"
LEAST: Final = frozenset({Kind.MINIMUM, Kind.EXCLUSIVE_MINIMUM})
GREATEST: Final = frozenset({Kind.MAXIMUM, Kind.EXCLUSIVE_MAXIMUM})
_OF_CATALOG: Final = frozenset({Kind.OBJECT_PRESENT, Kind.COLUMN_PRESENT, Kind.EXTRA_COLUMNS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What can be validated: ``schema`` over ``table``.

    Attributes:
        refused: By key of a clause that makes no rule: why it does not.
    """

    schema: CountingSchema
    table: ir.Table
    refused: Mapping[str, Exception]

    @property
    def tally(self) -> Tally:
        """What runs the validation's questions and keeps the answers."""
        return self.schema.tally


def build(dataset: Dataset, table: Table, clauses: Sequence[Clause]) -> Built:
    """One schema for all ``clauses`` about ``table``; each check is named by its clause's key."""
    frame = ibis.table(_types(table), name=table.judged.name, database=table.judged.schema)
    asked: dict[str, list[pa.Check]] = {}
    refused: dict[str, Exception] = {}
    for clause in clauses:
        there = table.columns.get(clause.column or "")
        if there is None:
            continue
        try:
            asked.setdefault(there.name, []).extend(checks(clause, there, dataset.session.dialect))
        except (CheckError, TypeError, ValueError) as error:
            refused[clause.key] = error
    names = dict.fromkeys(clause.column for clause in clauses if clause.column)
    columns = {
        name: _column(frame, name, clauses, there=table.columns.get(name), asked=asked.get(name))
        for name in names
    }
    beside = _beside(frame, clauses, table)
    tally = Tally(dataset.session, table.judged, beside=beside, fused=dataset.fused)
    keys = [key for clause in clauses if (key := _key(clause, table, dataset))]
    extra = {each.key: extra_columns(each, table) for each in clauses if _strict(each)}
    schema = CountingSchema(columns, keys=keys, extra=extra, name=table.name, tally=tally)
    return Built(schema=schema, table=frame, refused=refused)


def extra_columns(clause: Clause, table: Table) -> tuple[str, ...]:
    """The columns of ``table`` that are none of those that ``clause`` allows."""
    allowed = _names(clause, "columns")
    return tuple(name for name in table.columns if name not in allowed)


def _strict(clause: Clause) -> bool:
    return clause.kind is Kind.EXTRA_COLUMNS


def observed(clause: Clause) -> str:
    """Name of the aggregate that a bound is about: its column's least or greatest value."""
    return f"{'least' if clause.kind in LEAST else 'greatest'}:{clause.column}"


def _types(table: Table) -> dict[str, object]:
    types: dict[str, object] = {}
    for column in table.columns.values():
        types[column.name] = _type(column.type)
        types.setdefault(column.delivered, DuckDBType.from_string("VARCHAR"))
    return types


def _type(type_: str) -> dt.DataType:
    """Ibis's word for one of DuckDB's; a decimal whose cells have scales of their own has none."""
    return dt.Decimal() if type_ == "DECIMAL" else DuckDBType.from_string(type_)


def _column(
    frame: ir.Table,
    name: str,
    clauses: Sequence[Clause],
    *,
    there: TableColumn | None,
    asked: Sequence[pa.Check] | None,
) -> pa.Column:
    own = {clause.kind: clause for clause in clauses if clause.column == name}
    extremes = {bound.key: _extreme(frame, bound) for bound in _bounds(frame, [*own.values()])}
    return pa.Column(
        dtype=_promised(own.get(Kind.TYPE), there),
        checks=list(asked or ()),
        nullable=Kind.REQUIRED not in own,
        required=Kind.COLUMN_PRESENT in own,
        metadata={DELIVERED: there.delivered if there else name, EXTREMES: extremes},
    )


def _promised(clause: Clause | None, there: TableColumn | None) -> Promised | None:
    if clause is None or there is None or there.parsed:
        return None
    return Promised(str(clause.arguments["logical_type"]), there.source_type, there.type)


def _key(clause: Clause, table: Table, dataset: Dataset) -> Key | None:
    """The rule about tuples that ``clause`` makes, if it makes one."""
    match clause.kind:
        case Kind.UNIQUE:
            return Key(name=clause.key, columns=(clause.column or "",))
        case Kind.PRIMARY_KEY:
            columns = _names(clause, "columns")
            whole = tuple(table.columns[name].delivered for name in columns)
            return Key(name=clause.key, columns=columns, whole=whole)
        case Kind.RELATIONSHIP:
            to = dataset.tables[str(clause.arguments["to_schema"])].typed
            return Key(
                name=clause.key,
                columns=_names(clause, "columns"),
                to=to,
                to_columns=_names(clause, "to_columns"),
            )
        case _:
            return None


def _names(clause: Clause, argument: str) -> tuple[str, ...]:
    listed = clause.arguments[argument]
    return tuple(str(name) for name in listed) if isinstance(listed, Sequence) else ()


def _beside(frame: ir.Table, clauses: Sequence[Clause], table: Table) -> dict[str, ir.Scalar]:
    """What is asked along with the rules; nothing where the catalog alone answers them all."""
    reads = any(_reads(clause, table) for clause in clauses)
    extremes = {observed(each): _extreme(frame, each) for each in _bounds(frame, clauses)}
    return {ROWS: frame.count(), **extremes} if reads else {}


def _bounds(frame: ir.Table, clauses: Sequence[Clause]) -> list[Clause]:
    """Those of ``clauses`` that bound a column which is there."""
    bounds = LEAST | GREATEST
    return [each for each in clauses if each.kind in bounds and each.column in frame.columns]


def _extreme(frame: ir.Table, bound: Clause) -> ir.Scalar:
    """The least or the greatest cell of the column: the first to break such a bound."""
    cells = frame[bound.column]
    return cells.min() if bound.kind in LEAST else cells.max()


def _reads(clause: Clause, table: Table) -> bool:
    """Whether ``clause`` is about rows, and not about what columns there are alone."""
    there = table.columns.get(clause.column or "")
    typed = clause.kind is Kind.TYPE and there is not None and not there.parsed
    return not typed and clause.kind not in _OF_CATALOG
