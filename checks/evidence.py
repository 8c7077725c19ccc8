"""A capped, masked sample of rows behind a failed result: asked for, shaped and limited."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Final

from checks.dataset import Session, Table, quote
from checks.model import Cell, Evidence, Finding, Outcome
from checks.wording import MASK
from contracts.clause import Clause

ROWS: Final = 20
_LONGEST: Final = 200
_RUN_BYTES: Final = 1_000_000
_SAFE: Final = 2**53
_NUMPY: Final = frozenset("biufUO")  # kinds of dtype whose values Python has, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Which rows to show.

    Attributes:
        source: A SELECT of the rows that broke the promise, with its judged relation's columns.
        offending: Names of the columns that hold the offending cells, as the contract calls them.
        delivered: Show the offending cells as they were delivered, not as they were parsed.
        row: Name of a column of ``source`` that counts the data's rows from 1, if there is one.
    """

    source: str
    offending: tuple[str, ...]
    delivered: bool = False
    row: str | None = None


def where(table: Table, condition: str, *, row: str | None = None) -> str:
    """A SELECT of the rows of ``table`` where ``condition`` is true; ``row`` names their number."""
    view = str(table.judged)
    if row is not None:
        view = f"(SELECT row_number() OVER () AS {quote(row)}, * FROM {view})"  # noqa: S608 - quoted names
    return f"SELECT * FROM {view} WHERE {condition}"  # noqa: S608 - quoted names


def row_name(table: Table) -> str:
    """A name for the number of a row that no column of ``table`` has: ``row``, if it can be."""
    taken = {column.lower() for column in table.columns}
    name = "row"
    while name in taken:
        name += "_"
    return name


def collect(session: Session, table: Table, clause: Clause, sample: Sample) -> Evidence | None:
    """At most 20 rows of ``sample``: key columns first, ordered by them; None without rows.

    Raises:
        CheckError: the rows cannot be asked for.
    """
    keys = [
        key for key in clause.key_columns if key in table.columns and key not in sample.offending
    ]
    cells = [
        table.columns[name].delivered if sample.delivered else name for name in sample.offending
    ]
    rows = [] if sample.row is None else [sample.row]
    order = rows or [*keys, *cells]
    statement = (
        f"SELECT {_quoted([*rows, *keys, *cells])} FROM ({sample.source}) "  # noqa: S608 - quoted names
        f"ORDER BY {_quoted(order)} LIMIT {ROWS}"
    )
    names = (*rows, *keys, *sample.offending)
    return shape(names, session.run(statement).rows, clause, offending=sample.offending)


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


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(quote(name) for name in names)
