"""What files hold: the likely type, the extremes and the few values of each of their columns.

Three statements an object, whatever its columns: what texts can be read as, what the typed cells
span, and the values of the columns that have only a few.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from checks.dataset import Dataset, Session, Table, quote
from checks.errors import UnreachableData
from checks.location import Limits, Location
from checks.model import Cell
from checks.sources import load
from checks.sources.parse import typed
from contracts.model import Column, Schema
from contracts.values import Json

FEW: Final = 12
"""Values that are still few: what has more of them is no list to choose from."""
_NEARLY: Final = 0.95
_GUESSES: Final = ("integer", "number", "boolean", "date", "timestamp", "time")
_CODE: Final = "0[0-9]+"  # a text of digits whose zeros would be lost in a number
_MARKERS: Final = ("NA", "N/A", "n/a", "NULL", "null", "None", "NaN", "nan", r"\N", "-", "?")
_STORED: Final = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIME": "time",
    "FLOAT": "number",
    "DOUBLE": "number",
    "VARCHAR": "string",
}
_ORDERED: Final = frozenset({"integer", "number", "date", "timestamp", "time"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """What one column holds.

    Attributes:
        logical_type: In the words of the standard: what at least 95 % of the cells are.
        present: Cells that are not NULL and of that type.
        distinct: About how many values there are, within a few per cent.
        low: The least cell; None for types without an order, and where there is no cell.
        values: Every value, sorted, where there are at most ``FEW``; else None.
    """

    name: str
    source_type: str
    logical_type: str | None
    present: int = 0
    distinct: int = 0
    low: Cell = None
    high: Cell = None
    values: tuple[Cell, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectProfile:
    """What one object holds.

    Attributes:
        markers: Texts that stand for a missing cell in columns that are no text, such as ``NA``.
    """

    name: str
    rows: int
    columns: tuple[ColumnProfile, ...]
    markers: tuple[str, ...] = ()


def profile(
    names: Sequence[str], location: Location, *, limits: Limits
) -> tuple[ObjectProfile, ...]:
    """Measure the objects called ``names``.

    Raises:
        UnreachableData: one of them cannot be read.
        CheckError: a statement was refused, or reached its time limit.
    """
    bare = [_schema(name, ()) for name in names]
    with _opened(bare, location, limits) as dataset:
        guessed = [_guessed(dataset.session, dataset.tables[name]) for name in names]
    markers = sorted({marker for guess in guessed for marker in guess.markers})
    if markers:
        options = {**location.options, "nullMarkers": list[Json](markers)}
        location = replace(location, options=options)
    schemas = [guess.schema for guess in guessed]
    with _opened(schemas, location, limits) as dataset:
        return tuple(_measured(dataset, guess) for guess in guessed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Guess:
    """An object with the likely type of each column, and what stands for a missing cell in it."""

    schema: Schema
    markers: tuple[str, ...] = ()


@contextmanager
def _opened(schemas: Sequence[Schema], location: Location, limits: Limits) -> Iterator[Dataset]:
    dataset = load(location.source).open(schemas, location, limits=limits)
    try:
        for problem in dataset.problems.values():
            raise UnreachableData(problem)
        yield dataset
    finally:
        dataset.session.close()


def _schema(name: str, columns: tuple[Column, ...]) -> Schema:
    return Schema(pointer="", name=name, physical_name=name, columns=columns)


def _guessed(session: Session, table: Table) -> _Guess:
    """The type of each column: as it is stored, or as its texts can be read."""
    read = _readable(session, table) if table.text else {}
    columns = []
    for name, column in table.columns.items():
        type_ = read[name].type if table.text else _logical(column.source_type)
        columns.append(Column(pointer="", name=name, physical_name=name, logical_type=type_))
    markers = dict.fromkeys(marker for found in read.values() for marker in found.markers)
    return _Guess(schema=_schema(table.name, tuple(columns)), markers=tuple(markers))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What nearly every text of a column can be read as, markers left out."""

    type: str
    markers: tuple[str, ...] = ()


def _readable(session: Session, table: Table) -> Mapping[str, _Read]:
    """What the texts of each column can be read as."""
    known = ", ".join(f"'{marker}'" for marker in _MARKERS)
    asked = []
    for name in table.columns:
        cell = quote(name)
        asked += [f"count({cell})", f"count_if({cell} IN ({known}))"]
        asked += [f"list_sort(list(DISTINCT {cell}) FILTER ({cell} IN ({known})))"]
        asked += [f"count_if(regexp_full_match({cell}, '{_CODE}'))"]
        asked += [
            f"count({typed(cell, guess, {})}) FILTER ({cell} NOT IN ({known}))"
            for guess in _GUESSES
        ]
    found = _row(session, table, asked) if asked else ()
    width = len(_GUESSES) + 4
    return {
        name: _best(found[place : place + width])
        for name, place in zip(table.columns, range(0, len(found), width), strict=True)
    }


def _best(found: Sequence[object]) -> _Read:
    """The first type that most cells are of; text where none has nearly all of them.

    Args:
        found: Cells, those that are a marker, the markers, cells that begin with a zero, and cells
            that can be read as each guess.
    """
    cells, marked, markers, codes = found[:4]
    read = [_whole(count) for count in found[4:]]
    unmarked = _whole(cells) - _whole(marked)
    best = max(read)
    if _whole(codes) or unmarked == 0 or best < _NEARLY * unmarked:
        return _Read(type="string")
    used = tuple(map(str, markers)) if isinstance(markers, list) else ()
    return _Read(type=_GUESSES[read.index(best)], markers=used)


def _logical(stored: str) -> str | None:
    if stored.endswith("]"):
        return "array"
    if stored.startswith("STRUCT("):
        return "object"
    if stored.startswith("TIMESTAMP"):
        return "timestamp"
    if stored.startswith("DECIMAL("):
        return "integer" if stored.endswith(",0)") else "number"
    return "integer" if stored.endswith("INT") or stored == "INTEGER" else _STORED.get(stored)


def _measured(dataset: Dataset, guess: _Guess) -> ObjectProfile:
    columns = guess.schema.columns
    table = dataset.tables[guess.schema.name]
    asked = ["count(*)"]
    for column in columns:
        cell = quote(column.name)
        ordered = column.logical_type in _ORDERED
        asked += [f"count({cell})", f"approx_count_distinct({cell})"]
        asked += [f"min({cell})", f"max({cell})"] if ordered else ["NULL", "NULL"]
    rows, *found = _row(dataset.session, table, asked)
    profiles = [
        ColumnProfile(
            name=column.name,
            source_type=table.columns[column.name].source_type,
            logical_type=column.logical_type,
            present=_whole(found[place]),
            distinct=_whole(found[place + 1]),
            low=_cell(found[place + 2]),
            high=_cell(found[place + 3]),
        )
        for column, place in zip(columns, range(0, len(found), 4), strict=True)
    ]
    return ObjectProfile(
        name=table.name,
        rows=_whole(rows),
        columns=_with_values(dataset.session, table, profiles),
        markers=guess.markers,
    )


def _with_values(
    session: Session, table: Table, columns: Sequence[ColumnProfile]
) -> tuple[ColumnProfile, ...]:
    few = [column.name for column in columns if 0 < column.distinct <= FEW]
    if not few:
        return tuple(columns)
    cells = [quote(name) for name in few]
    asked = [f"list_sort(list(DISTINCT {c}) FILTER ({c} IS NOT NULL))" for c in cells]
    lists = dict(zip(few, _row(session, table, asked), strict=True))
    return tuple(
        replace(column, values=_values(lists[column.name])) if column.name in lists else column
        for column in columns
    )


def _values(found: object) -> tuple[Cell, ...] | None:
    values = tuple(_cell(value) for value in found) if isinstance(found, list) else ()
    return values if 0 < len(values) <= FEW else None


def _row(session: Session, table: Table, asked: Sequence[str]) -> tuple[object, ...]:
    statement = f"SELECT {', '.join(asked)} FROM {table.typed}"  # noqa: S608 - quoted names
    return session.run(statement).rows[0]


def _whole(found: object) -> int:
    return 0 if found is None else int(str(found))  # to count_if, nothing of nothing is NULL


def _cell(found: object) -> Cell:
    if found is None or isinstance(found, bool | int | float | str):
        return found
    if isinstance(found, Decimal):
        return int(found) if found == found.to_integral_value() else float(found)
    if isinstance(found, datetime | date | time):
        return found.isoformat()
    return str(found)
