"""Findings, results and the report of a run. Plain values; no engine types leak out."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from contracts.clause import Clause

Cell: TypeAlias = bool | int | float | str | None


class Outcome(StrEnum):
    """How a clause ended. ``FAILED``: the data broke the promise. ``ERRORED``: we cannot tell."""

    PASSED = "passed"
    FAILED = "failed"
    ERRORED = "errored"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A capped, masked sample of rows behind a failed result.

    Attributes:
        columns: Names of the columns shown: key columns first, then the offending ones.
        rows: At most 20 rows, each as long as ``columns``.
        offending: Names among ``columns`` that hold the offending cells.
        masked: Names among ``columns`` whose cells were masked.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    offending: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an engine answers about one clause.

    Attributes:
        measured: The value that was held against the threshold; None when there is none.
        unit: ``rows``, ``percent``, ``type`` or another word for ``measured``, if it has one.
        rows: Rows judged; None where rows do not apply.
        failed_rows: Rows that broke the promise, exact, 0 <= failed_rows <= rows; None where rows
            do not apply.
        reason: Why it failed or errored, in one sentence; empty when it passed.
    """

    outcome: Outcome
    measured: Cell = None
    unit: str | None = None
    rows: int | None = None
    failed_rows: int | None = None
    reason: str = ""
    evidence: Evidence | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The answer to one clause in one run. ``segment`` is empty when the whole data was judged."""

    clause: Clause
    finding: Finding
    segment: str = ""

    @property
    def outcome(self) -> Outcome:
        """How the clause ended."""
        return self.finding.outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the judging of a run is.

    Attributes:
        phase: What is being done, in words.
        done: Clauses with an answer, 0 <= done <= total.
        total: Clauses that get one by looking at data.
    """

    phase: str
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many promises there are, how many were judged, and, by reason, how many were skipped."""

    clauses: int
    executed: int
    skipped: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All results of judging one contract version once. Times are UTC.

    Attributes:
        phases: Wall seconds by phase: ``open``, then each engine by its name.
        warnings: What whoever runs it should know; nothing of it changes a verdict.
    """

    contract_id: str
    version: str
    server: str | None
    started: datetime
    finished: datetime
    results: tuple[Result, ...]
    phases: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """Wall time of the judging."""
        return (self.finished - self.started).total_seconds()

    @property
    def outcome(self) -> Outcome:
        """The verdict of the whole: blocking clauses decide; one that errored is never green."""
        blocking = {result.outcome for result in self.results if result.clause.blocking}
        for outcome in (Outcome.ERRORED, Outcome.FAILED):
            if outcome in blocking:
                return outcome
        executed = any(result.outcome is not Outcome.SKIPPED for result in self.results)
        return Outcome.PASSED if executed else Outcome.SKIPPED

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many clauses ended in each outcome; every outcome is there."""
        counted = Counter(result.outcome for result in self.results)
        return {outcome: counted[outcome] for outcome in Outcome}

    @property
    def coverage(self) -> Coverage:
        """How much of the promise was judged."""
        skipped = Counter(
            result.finding.reason for result in self.results if result.outcome is Outcome.SKIPPED
        )
        return Coverage(
            clauses=len(self.results),
            executed=len(self.results) - skipped.total(),
            skipped=dict(skipped),
        )
