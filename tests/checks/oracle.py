"""What each clause must say of a small table, worked out slowly in plain Python."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from checks.threshold import holds
from contracts.clause import Kind

Cell = Any
Verdict = tuple[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A type of cells: what a contract calls it, how each database does, and cells to try."""

    logical: str
    duckdb: str
    postgres: str
    cells: Sequence[Cell]
    bounds: Sequence[Any] = ()


ZONED = [
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2026, 1, 1, 12, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC),
]
TYPES = {
    "integer": Promised(
        logical="integer",
        duckdb="BIGINT",
        postgres="bigint",
        cells=[-1, 0, 1, 2, 2**62],
        bounds=[0, 0.5, 2**62, -(2**70)],
    ),
    "decimal": Promised(
        logical="number",
        duckdb="DECIMAL(9,2)",
        postgres="numeric(9,2)",
        cells=[Decimal("-1.50"), Decimal("0.10"), Decimal("2.00")],
        bounds=[0.1, 0.105, -1.5, 2, 10**20],
    ),
    "wide": Promised(
        logical="number",
        duckdb="DECIMAL(38,4)",
        postgres="numeric",
        cells=[Decimal("12345678901234567890.0001"), Decimal(7), Decimal("0.0001")],
        bounds=[7, 0.0001],
    ),
    "float": Promised(
        logical="number",
        duckdb="DOUBLE",
        postgres="double precision",
        cells=[math.nan, math.inf, -math.inf, 0.1, 1.5],
        bounds=[0.1, 1.5, -1],
    ),
    "string": Promised(
        logical="string",
        duckdb="VARCHAR",
        postgres="text",
        cells=["", "a", "ab", "é", "A b", "a\nb", "%s", "it's", ":x", "\\"],
    ),
    "boolean": Promised(
        logical="boolean", duckdb="BOOLEAN", postgres="boolean", cells=[True, False]
    ),
    "date": Promised(
        logical="date",
        duckdb="DATE",
        postgres="date",
        cells=[date(2026, 1, 1), date(2026, 1, 2), date(1, 1, 1)],
        bounds=["2026-01-02"],
    ),
    "naive": Promised(
        logical="timestamp",
        duckdb="TIMESTAMP",
        postgres="timestamp",
        cells=[each.replace(tzinfo=None) for each in ZONED],
        bounds=["2026-01-01T12:00:00", "2026-01-01T13:00:00+01:00"],
    ),
    "zoned": Promised(
        logical="timestamp",
        duckdb="TIMESTAMPTZ",
        postgres="timestamptz",
        cells=ZONED,
        bounds=["2026-01-01T12:00:00", "2026-01-01T13:00:00+01:00"],
    ),
}


def verdict(clause, table: Mapping[str, Sequence[Cell]], other: Sequence[Cell]) -> Verdict:
    """The outcome and the failed rows of ``clause``; ``other`` is what relationships lead to."""
    if clause.kind is Kind.TYPE:
        return "passed", None
    rows = len(next(iter(table.values())))
    names = clause.arguments.get("columns") or [clause.column]
    tuples = [
        tuple(_there(cell) for cell in row)
        for row in zip(*(table[name] for name in names if name), strict=True)
    ]
    if clause.kind in _COUNTED:
        return _COUNTED[clause.kind](clause, tuples, rows)
    if clause.kind is Kind.RELATIONSHIP:
        targets = [_there(each) for each in other if _there(each) is not None]
        return _told(sum(one is not None and one not in targets for (one,) in tuples))
    if clause.kind in {Kind.UNIQUE, Kind.PRIMARY_KEY}:
        missing = sum(None in each for each in tuples) if clause.kind is Kind.PRIMARY_KEY else 0
        return _told(missing + sum(_repeated(tuples).values()))
    return _told(sum(_BROKEN[clause.kind](cell, clause) for (cell,) in tuples))


def _told(failed: int) -> Verdict:
    return ("failed" if failed else "passed", failed)


def _there(cell: Cell) -> Cell:
    """NaN is missing; a naive moment is in UTC."""
    if isinstance(cell, float) and math.isnan(cell):
        return None
    if isinstance(cell, datetime) and cell.tzinfo is None:
        return cell.replace(tzinfo=UTC)
    return cell


def _repeated(tuples: Sequence[tuple[Cell, ...]]) -> Mapping[tuple[Cell, ...], int]:
    counted = Counter(each for each in tuples if None not in each)
    return {each: count for each, count in counted.items() if count > 1}


def _stated(clause, cell: Cell) -> Any:
    value = clause.arguments["value"]
    if isinstance(cell, datetime):
        return _there(datetime.fromisoformat(value))
    if isinstance(cell, date):
        return date.fromisoformat(value)
    return Decimal(str(value)) if isinstance(cell, Decimal) else value


def _bound(test: Callable[[Any, Any], bool]) -> Callable[[Cell, Any], bool]:
    return lambda cell, clause: cell is not None and not test(cell, _stated(clause, cell))


def _searched(cell: Cell, clause) -> bool:
    pattern = clause.arguments["value"].replace("$", r"\Z")  # RE2: the very end of the text
    return cell is not None and not re.search(pattern, cell, re.ASCII)


_BROKEN: Mapping[Kind, Callable[[Cell, Any], bool]] = {
    Kind.REQUIRED: lambda cell, _: cell is None,
    Kind.ENUM: lambda cell, clause: cell is not None and cell not in clause.arguments["values"],
    Kind.MINIMUM: _bound(lambda cell, value: cell >= value),
    Kind.MAXIMUM: _bound(lambda cell, value: cell <= value),
    Kind.EXCLUSIVE_MINIMUM: _bound(lambda cell, value: cell > value),
    Kind.EXCLUSIVE_MAXIMUM: _bound(lambda cell, value: cell < value),
    Kind.MIN_LENGTH: lambda cell, c: cell is not None and len(cell) < c.arguments["value"],
    Kind.MAX_LENGTH: lambda cell, c: cell is not None and len(cell) > c.arguments["value"],
    Kind.PATTERN: _searched,
}


def _compared(clause, measured: float, failed: int | None) -> Verdict:
    kept = holds(measured, clause.arguments["operator"], clause.arguments["value"])
    return ("passed", None if failed is None else 0) if kept else ("failed", failed)


def _percent(clause, count: int, rows: int) -> float:
    if clause.arguments.get("unit") != "percent":
        return count
    return 100 * count / rows if rows else 0


def _nulls(clause, tuples: Sequence[tuple[Cell, ...]], rows: int) -> Verdict:
    nulls = sum(cell is None for (cell,) in tuples)
    return _compared(clause, _percent(clause, nulls, rows), nulls)


def _duplicates(clause, tuples: Sequence[tuple[Cell, ...]], _: int) -> Verdict:
    repeated = _repeated(tuples)
    filled = sum(None not in each for each in tuples)
    measured = _percent(clause, len(repeated), filled)
    return _compared(clause, measured, sum(repeated.values()))


def _rows(clause, _: Sequence[tuple[Cell, ...]], rows: int) -> Verdict:
    return _compared(clause, rows, None)


def _sql(clause, tuples: Sequence[tuple[Cell, ...]], _: int) -> Verdict:
    """Of the one query that is asked here: how many cells are there."""
    return _compared(clause, sum(cell is not None for (cell,) in tuples), None)


_COUNTED: Mapping[Kind, Callable[[Any, Sequence[tuple[Cell, ...]], int], Verdict]] = {
    Kind.NULL_VALUES: _nulls,
    Kind.DUPLICATE_VALUES: _duplicates,
    Kind.ROW_COUNT: _rows,
    Kind.SQL: _sql,
}
