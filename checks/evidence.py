"""A capped, masked sample of the rows behind failed results: asked for, shaped and limited."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import groupby
from typing import Any, Final

from checks.dataset import Dialect, Session, Table, quote
from checks.errors import CheckError, StoppedQuery
from checks.model import Cell, Evidence, Finding, Outcome
from checks.wording import MASK
from contracts.clause import Clause

ROWS: Final = 20
_LONGEST: Final = 200
_RUN_BYTES: Final = 1_000_000
_SAFE: Final = 2**53
_NUMPY: Final = frozenset("biufUO")  # kinds of dtype whose values Python has, too
_MANY: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Which rows to show for a failed clause.

    Attributes:
        condition: SQL over the columns of the table's judged relation, true of a row to show.
        offending: Names of the columns that hold the offending cells, as the contract calls them.
        delivered: Show the offending cells as they were delivered, not as they were parsed.
        numbered: Show which of the data's rows it is, from 1, in place of an order by the key.
        apart: Whether the condition asks a query of its own, and so is no part of the shared scan.
        rows: How many rows the condition is true of, where that is known.
    """

    clause: Clause
    condition: str
    offending: tuple[str, ...]
    delivered: bool = False
    numbered: bool = False
    apart: bool = False
    rows: int | None = None

    def keys(self, table: Table) -> tuple[str, ...]:
        """The columns of the key that are there and not shown as offending anyway."""
        known = (key for key in self.clause.key_columns if key in table.columns)
        return tuple(key for key in known if key not in self.offending)


def collect(session: Session, table: Table, samples: Sequence[Sample]) -> Mapping[str, Evidence]:
    """At most 20 rows of each sample: key columns first, ordered by them; by key of the clause.

    One statement reads the rows of all samples in one scan; only when it fails is each sample asked
    for alone. A sample that has no rows, or cannot be read, is left out: the verdict stands.
    """
    if not samples:
        return {}
    query = _Query(table, samples)
    try:
        rows = session.run(query.statement(session.dialect)).rows
    except StoppedQuery:
        return {}
    except CheckError:
        alone = (collect(session, table, [sample]) for sample in samples if len(samples) > 1)
        return {key: evidence for found in alone for key, evidence in found.items()}
    parts = query.parts(rows, session.dialect)
    shaped = ((sample.clause.key, query.shaped(sample, part)) for sample, part in parts)
    return {key: evidence for key, evidence in shaped if evidence is not None}


def again(table: Table, columns: Sequence[str]) -> str:
    """A condition: the tuple of ``columns`` is whole and occurs more than once."""
    cells = ", ".join(quote(column) for column in columns)
    whole = " AND ".join(f"{quote(column)} IS NOT NULL" for column in columns)
    return (
        f"({cells}) IN (SELECT {cells} FROM {table.judged} "  # noqa: S608 - quoted names
        f"WHERE {whole} GROUP BY {cells} HAVING count(*) > 1)"
    )


class _Query:
    """One statement for samples of one table.

    Cells go by a number in it, since no name could be sure to be free: ``c0``, ``c1``; ``f0``,
    ``f1`` tell whose sample a row belongs to.
    """

    def __init__(self, table: Table, samples: Sequence[Sample]) -> None:
        self._table = table
        self._samples = samples
        self._row = row_name(table) if any(each.numbered for each in samples) else None
        shown = dict.fromkeys(name for sample in samples for name in self._columns(sample))
        self._cells = {name: f"c{at}" for at, name in enumerate(shown)}

    def statement(self, dialect: Dialect) -> str:
        """The SQL, whose answer ``parts`` takes apart."""
        return self._lists() if dialect is Dialect.DUCKDB else self._branches()

    def parts(
        self, rows: Sequence[Sequence[object]], dialect: Dialect
    ) -> Iterator[tuple[Sample, Sequence[Sequence[object]]]]:
        """The rows of each sample that has any, with the cells that it shows."""
        if dialect is Dialect.DUCKDB:
            lists = zip(self._samples, rows[0], strict=True)
            yield from ((sample, part) for sample, part in lists if isinstance(part, list))
            return
        for at, part in groupby(sorted(rows, key=_number), key=_number):
            sample = self._samples[at]
            places = [1 + list(self._cells).index(name) for name in self._columns(sample)]
            yield sample, [[row[place] for place in places] for row in part]

    def shaped(self, sample: Sample, rows: Sequence[Sequence[object]]) -> Evidence | None:
        """The rows by the names of the contract."""
        row = (self._row,) if sample.numbered and self._row else ()
        names = (*row, *sample.keys(self._table), *sample.offending)
        return shape(names, rows, sample.clause, offending=sample.offending)

    def _columns(self, sample: Sample) -> list[str]:
        """Columns of the source that ``sample`` shows, in order: the rows are ordered by them."""
        columns = self._table.columns
        row = [self._row] if sample.numbered and self._row else []
        cells = [columns[name].delivered if sample.delivered else name for name in sample.offending]
        return [*row, *sample.keys(self._table), *cells]

    def _shown(self, sample: Sample) -> str:
        return ", ".join(self._cells[name] for name in self._columns(sample))

    def _lists(self) -> str:
        """For DuckDB, which finds the first 20 of each sample in one scan and little memory."""
        first = [f"min(row({self._shown(sample)}), {ROWS})" for sample in self._samples]
        shared = [at for at, sample in enumerate(self._samples) if not sample.apart]
        lists = [
            f"{each} FILTER (WHERE f{at})"
            if at in shared
            else f"(SELECT {each} FROM ({self._gathered([at])}) AS own)"  # noqa: S608 - our own names
            for at, each in enumerate(first)
        ]
        gathered = f" FROM ({self._gathered(shared)}) AS gathered" if shared else ""
        return f"SELECT {', '.join(lists)}{gathered}"

    def _branches(self) -> str:
        """For PostgreSQL: rare rows are gathered in one scan, then parted.

        What many rows break is read by a scan of its own, since gathering them would cost more.
        """
        rare = [
            at
            for at, sample in enumerate(self._samples)
            if (sample.rows or 0) <= _MANY and not sample.apart
        ]
        cells = ", ".join(self._cells.values())
        branches = [
            f"(SELECT {at}, {cells} FROM "  # noqa: S608 - our own names
            + (f"gathered WHERE f{at}" if at in rare else f"({self._gathered([at])}) AS broken")
            + f" ORDER BY {self._shown(sample)} LIMIT {ROWS})"
            for at, sample in enumerate(self._samples)
        ]
        shared = f"WITH gathered AS MATERIALIZED ({self._gathered(rare)}) " if rare else ""
        return shared + " UNION ALL ".join(branches)

    def _gathered(self, places: Sequence[int]) -> str:
        """A SELECT of the rows of some samples."""
        conditions = {at: f"({self._samples[at].condition})" for at in places}
        cells = [f"{quote(name)} AS {cell}" for name, cell in self._cells.items()]
        flags = [f"{condition} AS f{at}" for at, condition in conditions.items()]
        return (
            f"SELECT {', '.join([*cells, *flags])} FROM {self._source()} "  # noqa: S608 - quoted names
            f"WHERE {' OR '.join(conditions.values())}"
        )

    def _source(self) -> str:
        if self._row is None:
            return str(self._table.judged)
        if self._table.numbered is not None:
            return str(self._table.numbered)
        number = f"row_number() OVER () AS {quote(self._row)}"
        return f"(SELECT {number}, * FROM {self._table.judged}) AS numbered"  # noqa: S608 - quoted names


def _number(row: Sequence[object]) -> int:
    """Of the sample that an answered row belongs to."""
    return int(str(row[0]))


def row_name(table: Table) -> str:
    """A name for row numbers that no column of ``table`` has: ``row``, or the like."""
    taken = {column.lower() for column in table.columns}
    name = "row"
    while name in taken:
        name += "_"
    return name


def shape(
    names: Sequence[str],
    rows: Sequence[Sequence[object]],
    clause: Clause,
    *,
    offending: Sequence[str] = (),
) -> Evidence | None:
    """At most 20 ``rows`` as evidence: plain cells, sensitive ones masked; None without rows."""
    if not rows:
        return None
    hidden = sensitive_names(clause)
    masked = tuple(name for name in names if name in hidden)
    shaped = tuple(
        tuple(
            MASK if name in hidden and cell is not None else plain(cell)
            for name, cell in zip(names, row, strict=True)
        )
        for row in rows[:ROWS]
    )
    return Evidence(columns=tuple(names), rows=shaped, offending=tuple(offending), masked=masked)


def sensitive_names(clause: Clause) -> frozenset[str]:
    """Every column whose cells must not be shown beside ``clause``."""
    own = (clause.column,) if clause.sensitive and clause.column else ()
    return frozenset((*clause.sensitive_columns, *own))


def plain(cell: object) -> Cell:
    """``cell`` as JSON and a browser keep it exactly, else as text of 200 characters at most."""
    own = _own(cell)
    match own:
        case None | bool():
            return own
        case int() if abs(own) < _SAFE:
            return int(own)
        case float() if math.isfinite(own):
            return float(own)
    return _cut(_text(own))


def _own(cell: Any) -> object:  # noqa: ANN401 - asks whatever a library gave for its type
    """Numbers and lists of numpy as Python's own, without loading numpy for it."""
    kind = getattr(getattr(cell, "dtype", None), "kind", None)
    return cell.tolist() if kind in _NUMPY else cell


def _text(cell: object) -> str:
    match cell:
        case datetime() | date() | time():
            return cell.isoformat()
        case bytes():
            return cell.hex()
        case Mapping() | list() | tuple():
            return json.dumps(_nested(cell), ensure_ascii=False)
        case _:
            return str(cell)


def limited(findings: Mapping[str, Finding]) -> dict[str, Finding]:
    """The findings with evidence on failed ones only, the first megabyte of it."""
    left = _RUN_BYTES
    kept: dict[str, Finding] = {}
    for key, finding in findings.items():
        if finding.evidence is not None:
            size = len(json.dumps([finding.evidence.columns, finding.evidence.rows]))
            fits = finding.outcome is Outcome.FAILED and size <= left
            left -= size if fits else 0
            finding = finding if fits else replace(finding, evidence=None)  # noqa: PLW2901 - the same finding, lighter
        kept[key] = finding
    return kept


def _nested(cell: object) -> object:
    own = _own(cell)
    if isinstance(own, Mapping):
        return {str(key): _nested(value) for key, value in own.items()}
    if isinstance(own, list | tuple):
        return [_nested(value) for value in own]
    return own if isinstance(own, bool | int | float | str | None) else str(own)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
