"""Results as rows, and back."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias, TypedDict

from sqlalchemy import Connection, RowMapping, insert, select

from checks.model import Cell, Evidence, Finding, Outcome, Report, Result
from contracts.values import Json, Severity
from runs.model import Interval
from store.clauses import (
    CLAUSE_COLUMNS,
    clause_of,
    dimension_of,
    engine_of,
    numbers_for,
    word,
)
from store.tables.judging import RESULT
from store.tables.promise import CLAUSE

_PREFIX: Final = "result_"
_StoredCell: TypeAlias = Cell | dict[str, str]
RESULT_COLUMNS: Final = tuple(column.label(f"{_PREFIX}{column.name}") for column in RESULT.c)


class _StoredEvidence(TypedDict):
    columns: list[str]
    rows: list[list[_StoredCell]]
    offending: list[str]
    masked: list[str]


def insert_results(
    connection: Connection, run_id: int, contract_id: str, interval: Interval, report: Report
) -> None:
    """Keep the results of a run, all in one go."""
    if not report.results:
        return
    clauses = [result.clause for result in report.results]
    numbers = numbers_for(connection, contract_id, report.version, clauses)
    shared = {
        "run_id": run_id,
        "interval_start": interval.start,
        "interval_end": interval.end,
        "known_at": report.finished,
    }
    rows = [
        {**shared, **_row(result), "clause_id": numbers[result.clause.key], "position": place}
        for place, result in enumerate(report.results)
    ]
    connection.execute(insert(RESULT), rows)


def results_of(connection: Connection, run_id: int) -> tuple[Result, ...]:
    """Return the results of a run, as recorded then, in the order in which they were recorded."""
    rows = connection.execute(
        select(*CLAUSE_COLUMNS, *RESULT_COLUMNS)
        .join_from(RESULT, CLAUSE, RESULT.c.clause_id == CLAUSE.c.id)
        .where(RESULT.c.run_id == run_id)
        .order_by(RESULT.c.position)
    )
    return tuple(result_of(row) for row in rows.mappings())


def result_of(row: RowMapping) -> Result:
    """Return the result in a row of ``CLAUSE_COLUMNS`` and ``RESULT_COLUMNS``, as recorded then."""
    then = replace(
        clause_of(row),
        threshold=row["result_threshold"],
        severity=Severity(row["result_severity"]),
        dimension=dimension_of(row["result_dimension"]),
        engine=engine_of(row["result_engine"]),
    )
    return Result(clause=then, finding=finding_of(row), segment=row["result_segment"])


def finding_of(row: RowMapping) -> Finding:
    """Return the finding in a row that was selected by ``RESULT_COLUMNS``."""
    return Finding(
        outcome=Outcome(row["result_outcome"]),
        measured=_unpacked(row["result_measured"]),
        unit=row["result_unit"],
        rows=row["result_rows"],
        failed_rows=row["result_failed_rows"],
        reason=row["result_reason"],
        evidence=_evidence_of(row["result_evidence"]),
        seconds=row["result_elapsed"],
    )


def _row(result: Result) -> dict[str, object]:
    clause, finding = result.clause, result.finding
    return {
        "segment": result.segment,
        "outcome": finding.outcome.value,
        "measured": _packed(finding.measured),
        "unit": finding.unit,
        "rows": finding.rows,
        "failed_rows": finding.failed_rows,
        "reason": finding.reason,
        "evidence": _evidence_row(finding.evidence),
        "elapsed": finding.seconds,
        "threshold": clause.threshold,
        "severity": clause.severity.value,
        "dimension": word(clause.dimension),
        "engine": word(clause.engine),
    }


def _packed(cell: Cell) -> Json:
    # JSON knows no infinity and no NaN.
    if isinstance(cell, float) and not math.isfinite(cell):
        return {"float": repr(cell)}
    return cell


def _unpacked(stored: _StoredCell) -> Cell:
    return float(stored["float"]) if isinstance(stored, dict) else stored


def _evidence_row(evidence: Evidence | None) -> Json:
    if evidence is None:
        return None
    return {
        "columns": list(evidence.columns),
        "rows": [_row_of_cells(cells) for cells in evidence.rows],
        "offending": list(evidence.offending),
        "masked": list(evidence.masked),
    }


def _row_of_cells(cells: Sequence[Cell]) -> list[Json]:
    return [_packed(cell) for cell in cells]


def _evidence_of(stored: _StoredEvidence | None) -> Evidence | None:
    if stored is None:
        return None
    return Evidence(
        columns=tuple(stored["columns"]),
        rows=tuple(tuple(_unpacked(cell) for cell in cells) for cells in stored["rows"]),
        offending=tuple(stored["offending"]),
        masked=tuple(stored["masked"]),
    )
