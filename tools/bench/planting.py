"""15 kinds of violations, planted into good line items by row position, each of a known count.

Row ``n`` (from 0) of a table of N rows lies in slot ``n % step`` of lap ``n // step``, where
``step`` is N // 100. Each kind has a slot of its own, which it spoils in its first ``count`` laps:
no row is spoilt twice, and every count is known before a row is read.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from tools.bench.rules import KEY, PROPERTIES

LAPS: Final = 100
_APART: Final = 3  # slots between two kinds: the row before a repeated one must stay as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of violation.

    Attributes:
        clause: Key of the clause that it breaks.
        cells: By column, the SQL that takes the place of the cell; ``{lap}`` in it stands for the
            rows in a lap.
        count: Rows that are spoilt, at most ``LAPS``.
        each: Rows that break the promise for each that is spoilt.
    """

    clause: str
    cells: dict[str, str]
    count: int
    each: int = 1

    @property
    def failed(self) -> int:
        """Rows that break the clause."""
        return self.count * self.each


def _kind(clause: str, cell: str, count: int) -> Kind:
    column = clause.split("/", maxsplit=1)[0]
    return Kind(clause=f"{PROPERTIES}{clause}", cells={column: cell}, count=count)


KINDS: Final = (
    _kind("l_partkey/required", "NULL", 11),
    _kind("l_suppkey/required", "NULL", 13),
    _kind("l_extendedprice/required", "NULL", 17),
    _kind("l_shipdate/required", "NULL", 19),
    _kind("l_quantity/maximum", "51", 23),
    _kind("l_discount/minimum", "-0.01", 29),
    _kind("l_tax/maximum", "0.09", 31),
    _kind("l_returnflag/enum", "'X'", 37),
    _kind("l_shipmode/enum", "'CANOE'", 41),
    _kind("l_shipinstruct/pattern", "'leave it there'", 43),
    _kind("l_comment/pattern", "'a sign @ that is none'", 47),
    _kind("l_comment/max_length", "repeat('so long ', 8)", 53),
    _kind("l_orderkey/relationships/orders.o_orderkey", "-1 - place", 59),
    Kind(
        clause="/schema/lineitem/quality/received-after-shipped",
        cells={"l_receiptdate": "l_shipdate - 1"},
        count=61,
    ),
    Kind(
        clause="/schema/lineitem/primary_key",
        cells={column: f"${column}[place // {{lap}} + 1]" for column in KEY},
        count=67,
        each=2,
    ),
)


def variant() -> str:
    """Name of the folder of the bad variant: another one whenever something else is planted."""
    return f"bad-{hashlib.sha256(repr((LAPS, KINDS)).encode()).hexdigest()[:8]}"


def step(rows: int) -> int:
    """Rows in one lap.

    Raises:
        ValueError: a table of ``rows`` rows is too small to hold every kind apart.
    """
    found = rows // LAPS
    if found < _APART * len(KINDS):
        raise ValueError(f"{rows} rows hold no {len(KINDS)} kinds of {LAPS} rows apart")
    return found


def places(kind: Kind, rows: int) -> range:
    """The rows that ``kind`` spoils, counted from 0."""
    lap, slot = step(rows), KINDS.index(kind) * _APART + 1
    return range(slot, slot + kind.count * lap, lap)


def planted() -> dict[str, int]:
    """By key of the clause: the rows that break it in the bad variant; what is not there passes."""
    return {kind.clause: kind.failed for kind in KINDS}


def before_repeated(rows: int) -> list[int]:
    """The rows just before those whose key is to be a repetition, counted from 0."""
    repeated = next(kind for kind in KINDS if kind.clause.endswith("/primary_key"))
    return [place - 1 for place in places(repeated, rows)]


def spoilt(rows: int, source: str) -> str:
    """A SELECT of all rows of ``source``, in which they are numbered as ``place`` from 0.

    For each column of the key it takes a parameter of that name: the list of its cells in the rows
    ``before_repeated``.
    """
    lap = step(rows)
    columns: dict[str, list[str]] = {}
    for kind in KINDS:
        slot = places(kind, rows).start
        chosen = f"place % {lap} = {slot} AND place // {lap} < {kind.count}"
        for column, cell in kind.cells.items():
            spoils = f"WHEN {chosen} THEN {cell.format(lap=lap)}"
            columns.setdefault(column, []).append(spoils)
    cells = [f"CASE {' '.join(parts)} ELSE {name} END AS {name}" for name, parts in columns.items()]
    return f"SELECT * EXCLUDE (place) REPLACE ({', '.join(cells)}) FROM {source}"  # noqa: S608 - our own names
