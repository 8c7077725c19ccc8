"""Validates every table of a dataset with one Pandera schema; its errors become findings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from pandera.errors import SchemaErrors

from checks import progress
from checks.dataset import Dataset, Table
from checks.engines.pandera.build import GREATEST, LEAST, ROWS, Built, build, observed
from checks.engines.pandera.keys import Broken
from checks.engines.pandera.rows import samples
from checks.engines.pandera.schema import CountedError
from checks.engines.pandera.wording import of_column, of_tuples
from checks.evidence import collect, plain, sensitive_names
from checks.model import Cell, Evidence, Finding, Outcome
from checks.wording import MASK, fault
from contracts.clause import Clause, Kind

_RULES: Final = {Kind.COLUMN_PRESENT: "column", Kind.REQUIRED: "nullable"}
_OF_PRESENCE: Final = {Kind.OBJECT_PRESENT, Kind.COLUMN_PRESENT, Kind.EXTRA_COLUMNS}


def judge(dataset: Dataset, clauses: Sequence[Clause]) -> Mapping[str, Finding]:
    """Judge ``clauses``; see ``checks.engines.Engine``."""
    findings: dict[str, Finding] = {}
    in_order = sorted(clauses, key=lambda clause: clause.schema or "")
    for name, part in groupby(in_order, key=lambda clause: clause.schema or ""):
        table, own = dataset.tables[name], tuple(part)
        verdicts = _Verdicts.of(dataset, table, own)
        found = {clause.key: verdicts.finding(clause) for clause in own}
        evidence = verdicts.evidence(dataset, found)
        findings.update(
            {key: replace(finding, evidence=evidence.get(key)) for key, finding in found.items()}
        )
        progress.answer(len(own))
    return findings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdicts:
    """What the validation of one table told. ``errors`` by what they are about."""

    table: Table
    clauses: tuple[Clause, ...]
    built: Built
    errors: Mapping[tuple[str, str], Sequence[CountedError]]

    @classmethod
    def of(cls, dataset: Dataset, table: Table, clauses: tuple[Clause, ...]) -> "_Verdicts":
        built = build(dataset, table, clauses)
        errors: dict[tuple[str, str], list[CountedError]] = {}
        try:
            built.schema.validate(built.table, lazy=True)
        except SchemaErrors as found:
            for error in found.schema_errors:
                if isinstance(error, CountedError):
                    errors.setdefault(error.about, []).append(error)
        return cls(table=table, clauses=clauses, built=built, errors=errors)

    def finding(self, clause: Clause) -> Finding:
        """The finding on ``clause``, without rows beside it."""
        errors = [error for about in _about(clause) for error in self.errors.get(about, ())]
        raised = (self.built.refused.get(clause.key), *(error.raised for error in errors))
        stopper = next((each for each in raised if each is not None), None)
        if stopper is not None:
            reason = fault(stopper, masked=bool(sensitive_names(clause)))
            return Finding(outcome=Outcome.ERRORED, reason=reason)
        count = sum(error.count or 0 for error in errors)
        if not errors:
            return self._told(clause, Outcome.PASSED, 0)
        failed = self._told(clause, Outcome.FAILED, count)
        return replace(failed, reason=self._reason(clause, failed))

    def evidence(self, dataset: Dataset, found: Mapping[str, Finding]) -> Mapping[str, Evidence]:
        """The rows behind what failed, by the clause's key."""
        if not dataset.evidence:
            return {}
        failed = [each for each in self.clauses if found[each.key].outcome is Outcome.FAILED]
        counted = [(each, found[each.key].failed_rows or 0) for each in failed]
        return collect(dataset.session, self.table, samples(counted, self.table, self.built))

    def _told(self, clause: Clause, outcome: Outcome, count: int) -> Finding:
        """What is known whatever the outcome: rows judged and failed, and what was measured."""
        if clause.kind in _OF_PRESENCE:
            return Finding(outcome=outcome)
        there = self.table.columns.get(clause.column or "")
        if clause.kind is Kind.TYPE and there is not None and not there.parsed:
            return Finding(outcome=outcome, measured=there.source_type, unit="type")
        told = self.built.tally.answers.get(ROWS)
        rows = told if isinstance(told, int) else None
        if clause.kind in LEAST | GREATEST:
            extreme = self._extreme(clause)
            return Finding(outcome=outcome, measured=extreme, rows=rows, failed_rows=count)
        return Finding(outcome=outcome, measured=count, unit="rows", rows=rows, failed_rows=count)

    def _extreme(self, clause: Clause) -> Cell:
        """The least or the greatest value, to which a bound was held."""
        if sensitive_names(clause) & {clause.column}:
            return MASK
        return plain(self.built.tally.answers.get(observed(clause)))

    def _reason(self, clause: Clause, failed: Finding) -> str:
        found = self.built.tally.broken.get(clause.key)
        if not isinstance(found, Broken):
            return of_column(clause, self.table, failed)
        missing = (failed.failed_rows or 0) - found.rows
        return of_tuples(clause, found, missing, failed)


def _about(clause: Clause) -> Iterator[tuple[str, str]]:
    """What the errors that concern ``clause`` are about."""
    if clause.kind in _RULES:
        yield clause.column or "", _RULES[clause.kind]
    else:
        yield "", clause.key
    if clause.kind is Kind.TYPE:
        yield clause.column or "", "dtype"
