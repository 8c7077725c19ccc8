"""Results -> rows of the table of clauses, what needs attention first."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from api.pages.words import promise, share
from checks.model import Finding, Outcome, Result
from contracts.clause import Clause
from scorecards.line import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One clause on a page.

    Attributes:
        look: ``failed``, ``minor`` (failed, not blocking), ``errored``, ``passed`` or ``skipped``.
        title: Its description, else its promise.
        subtitle: Its promise where the title is something else; empty otherwise.
        share: Failing rows in percent of the rows judged; empty where rows do not apply.
        anchor: Where the row stands on a scorecard; empty on other pages.
        run_id: The run that answered; None before the first.
        verdict: What still stands behind an errored or skipped answer; None without one.
    """

    look: str
    title: str
    subtitle: str
    clause: Clause
    finding: Finding
    share: str
    anchor: str = ""
    run_id: int | None = None
    known_at: datetime | None = None
    verdict: bool | None = None
    judged_at: datetime | None = None
    lost: float = 0.0


_DECIDED: Final = {Outcome.PASSED, Outcome.FAILED}
_ORDER: Final = ("failed", "minor", "errored", "passed", "skipped")


def rows_of_lines(lines: Iterable[Line], lost: dict[str, float]) -> tuple[Row, ...]:
    """Return the rows of a scorecard; ``lost`` holds points by clause key."""
    return _sorted(row_of_line(line, lost=lost.get(line.result.clause.key, 0.0)) for line in lines)


def row_of_line(line: Line, *, lost: float = 0.0) -> Row:
    """Return one row of a scorecard."""
    return replace(
        _row(line.result),
        anchor=f"{line.contract_id}{line.result.clause.key}",
        run_id=line.run_id,
        known_at=line.known_at,
        verdict=None if line.result.outcome in _DECIDED else line.good,
        judged_at=line.judged_at,
        lost=lost,
    )


def rows_of_results(results: Iterable[Result]) -> tuple[Row, ...]:
    """Return the rows of a run."""
    return _sorted(_row(result) for result in results)


def count_looks(rows: Iterable[Row]) -> dict[str, int]:
    """Count rows by outcome, in the order of the table; outcomes that no row has are left out."""
    counts = dict.fromkeys(("failed", "errored", "passed", "skipped"), 0)
    for row in rows:
        counts[row.finding.outcome.value] += 1
    return {name: count for name, count in counts.items() if count}


def blocks(rows: Iterable[Row]) -> tuple[tuple[Row, ...], ...]:
    """Return the rows in their order, those that errored for the same reason together."""
    found: dict[object, list[Row]] = {}
    for place, row in enumerate(rows):
        cause = row.finding.reason if row.look == "errored" else ""
        found.setdefault(cause or place, []).append(row)
    return tuple(tuple(block) for block in found.values())


def _row(result: Result) -> Row:
    clause, finding = result.clause, result.finding
    said = promise(clause)
    return Row(
        look=_look(result),
        title=clause.description or said,
        subtitle=said if clause.description and clause.description != said else "",
        clause=clause,
        finding=finding,
        share=_share(finding),
    )


def _look(result: Result) -> str:
    minor = result.outcome is Outcome.FAILED and not result.clause.blocking
    return "minor" if minor else result.outcome.value


def _share(finding: Finding) -> str:
    if finding.failed_rows is None or not finding.rows:
        return ""
    return share(finding.failed_rows, finding.rows)


def _sorted(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (_ORDER.index(row.look), -row.lost)))
