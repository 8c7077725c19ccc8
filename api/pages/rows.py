"""Results -> rows of the table of clauses, what needs attention first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.pages.promises import description, promise
from api.pages.words import share
from checks.model import Finding, Outcome, Result
from contracts.clause import Clause
from scorecards.line import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One clause on a page. Its words are made when they are asked for: most are never shown.

    Attributes:
        look: ``failed``, ``minor`` (failed, not blocking), ``errored``, ``passed`` or ``skipped``.
        anchor: Where the row stands on a scorecard; empty on other pages.
        run_id: The run that answered; None before the first.
        verdict: What still stands behind an errored or skipped answer; None without one.
        lost: Points that the score would gain were this clause passing.
    """

    look: str
    clause: Clause
    finding: Finding
    anchor: str = ""
    run_id: int | None = None
    known_at: datetime | None = None
    verdict: bool | None = None
    judged_at: datetime | None = None
    lost: float = 0.0

    @property
    def subject(self) -> str:
        """Name of the data that the title begins with; empty where it begins with none."""
        return "" if description(self.clause) else promise(self.clause).subject

    @property
    def words(self) -> str:
        """Its description, else its promise without the subject."""
        return description(self.clause) or promise(self.clause).words

    @property
    def title(self) -> str:
        """Its description, else its promise, whole."""
        return description(self.clause) or str(promise(self.clause))

    @property
    def subtitle(self) -> str:
        """Its promise where the title is a description, else its name; may be empty."""
        if description(self.clause):
            return str(promise(self.clause))
        return "" if self.clause.description == self.clause.threshold else self.clause.description

    @property
    def share(self) -> str:
        """Failing rows in percent of the rows judged; empty where rows do not apply."""
        if self.finding.failed_rows is None or not self.finding.rows:
            return ""
        return share(self.finding.failed_rows, self.finding.rows)


_DECIDED: Final = {Outcome.PASSED, Outcome.FAILED}
_ORDER: Final = ("failed", "minor", "errored", "passed", "skipped")


def rows_of_lines(lines: Iterable[Line], lost: dict[str, float]) -> tuple[Row, ...]:
    """Return the rows of a scorecard; ``lost`` holds points by clause key."""
    return _sorted(row_of_line(line, lost=lost.get(line.result.clause.key, 0.0)) for line in lines)


def row_of_line(line: Line, *, lost: float = 0.0) -> Row:
    """Return one row of a scorecard."""
    result = line.result
    return Row(
        look=_look(result),
        clause=result.clause,
        finding=result.finding,
        anchor=f"{line.contract_id}{result.clause.key}",
        run_id=line.run_id,
        known_at=line.known_at,
        verdict=None if result.outcome in _DECIDED else line.good,
        judged_at=line.judged_at,
        lost=lost,
    )


def rows_of_results(results: Iterable[Result]) -> tuple[Row, ...]:
    """Return the rows of a run."""
    return _sorted(
        Row(look=_look(result), clause=result.clause, finding=result.finding) for result in results
    )


def count_looks(rows: Iterable[Row]) -> Counter[str]:
    """Count rows by outcome, in the order of the table; outcomes that no row has are left out."""
    counts = dict.fromkeys(("failed", "errored", "passed", "skipped"), 0)
    for row in rows:
        counts[row.finding.outcome.value] += 1
    return Counter({name: count for name, count in counts.items() if count})


def _look(result: Result) -> str:
    minor = result.outcome is Outcome.FAILED and not result.clause.blocking
    return "minor" if minor else result.outcome.value


def _sorted(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (_ORDER.index(row.look), -row.lost)))
