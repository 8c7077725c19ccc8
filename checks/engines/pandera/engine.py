"""Validates every table of a dataset with one Pandera schema; its errors become findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

import ibis
from pandera.errors import SchemaErrors

from checks.dataset import Dataset, Session, Table, quote
from checks.engines.pandera.build import ROWS, Built, build, observed
from checks.engines.pandera.schema import CountedError, violation
from checks.errors import CheckError
from checks.evidence import Sample, collect, plain, row_name, sensitive_names, where
from checks.model import Cell, Evidence, Finding, Outcome
from checks.wording import MASK, fault, listed, missing_column, repeated, share
from contracts.clause import Clause, Kind

_RULES: Final = {
    Kind.COLUMN_PRESENT: "column",
    Kind.REQUIRED: "nullable",
    Kind.UNIQUE: "unique",
}
_BROKEN: Final = {
    Kind.REQUIRED: ("is null", "are null"),
    Kind.TYPE: ("cannot be read", "cannot be read"),
    Kind.ENUM: ("holds", "hold"),
    Kind.MINIMUM: ("is", "are"),
    Kind.MAXIMUM: ("is", "are"),
}


def judge(dataset: Dataset, clauses: Sequence[Clause]) -> Mapping[str, Finding]:
    """Judge ``clauses``; see ``checks.engines.Engine``."""
    findings: dict[str, Finding] = {}
    in_order = sorted(clauses, key=lambda clause: clause.schema or "")
    for name, part in groupby(in_order, key=lambda clause: clause.schema or ""):
        findings.update(_Verdicts.of(dataset.session, dataset.tables[name], tuple(part)).findings())
    return findings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdicts:
    """What the validation of one table told. ``errors`` by column and name of the rule."""

    session: Session
    table: Table
    clauses: tuple[Clause, ...]
    built: Built
    errors: Mapping[tuple[str, str], CountedError]

    @classmethod
    def of(cls, session: Session, table: Table, clauses: tuple[Clause, ...]) -> "_Verdicts":
        built = build(session, table, clauses)
        errors: dict[tuple[str, str], CountedError] = {}
        try:
            built.schema.validate(built.table, lazy=True)
        except SchemaErrors as found:
            for error in found.schema_errors:
                if isinstance(error, CountedError):
                    errors[str(error.column_name), error.rule] = error
        return cls(session=session, table=table, clauses=clauses, built=built, errors=errors)

    def findings(self) -> Mapping[str, Finding]:
        return {clause.key: self._finding(clause) for clause in self.clauses}

    def _finding(self, clause: Clause) -> Finding:
        masked = bool(sensitive_names(clause))
        column = clause.column or ""
        refused = self.built.refused.get(clause.key)
        error = self.errors.get((column, _RULES.get(clause.kind, clause.key)))
        if clause.kind is Kind.TYPE and error is None:
            error = self.errors.get((column, "dtype"))
        raised = refused or (error.raised if error else None)
        if raised is not None:
            return Finding(outcome=Outcome.ERRORED, reason=fault(raised, masked=masked))
        if error is None:
            return self._told(clause, Outcome.PASSED, 0)
        failed = self._told(clause, Outcome.FAILED, error.count)
        reason = self._reason(clause, error, failed)
        return replace(failed, reason=reason, evidence=self._evidence(clause))

    def _told(self, clause: Clause, outcome: Outcome, count: int | None) -> Finding:
        """What is known whatever the outcome: rows judged and failed, and what was measured."""
        if clause.kind is Kind.COLUMN_PRESENT:
            return Finding(outcome=outcome)
        there = self.table.columns.get(clause.column or "")
        if clause.kind is Kind.TYPE and there is not None and not there.parsed:
            return Finding(outcome=outcome, measured=there.source_type, unit="type")
        told = self.built.schema.tally.answers.get(ROWS)
        rows = told if isinstance(told, int) else None
        if clause.kind in {Kind.MINIMUM, Kind.MAXIMUM}:
            extreme = self._extreme(clause)
            return Finding(outcome=outcome, measured=extreme, rows=rows, failed_rows=count)
        return Finding(outcome=outcome, measured=count, unit="rows", rows=rows, failed_rows=count)

    def _extreme(self, clause: Clause) -> Cell:
        """The least or the greatest value, to which a bound was held."""
        if sensitive_names(clause) & {clause.column}:
            return MASK
        return plain(self.built.schema.tally.answers.get(observed(clause)))

    def _reason(self, clause: Clause, error: CountedError, failed: Finding) -> str:
        count, rows = error.count or 0, failed.rows or 0
        if clause.kind is Kind.COLUMN_PRESENT:
            return missing_column(clause.column or "", self.table.name, self.table.columns)
        if clause.kind is Kind.TYPE and failed.unit == "type":
            return f"the column is {failed.measured}, not {_article(clause)}"
        if clause.kind is Kind.UNIQUE:
            values = int(str(self.built.schema.tally.answers[f"values:{clause.column}"]))
            return repeated(values, count)
        return share(count, rows, _BROKEN[clause.kind]) + _rest(clause)

    def _evidence(self, clause: Clause) -> Evidence | None:
        sample = self._sample(clause)
        if sample is None:
            return None
        try:
            return collect(self.session, self.table, clause, sample)
        except CheckError:  # the verdict stands without a sample of the rows
            return None

    def _sample(self, clause: Clause) -> Sample | None:
        there = self.table.columns.get(clause.column or "")
        if there is None:
            return None
        cell, text = quote(there.name), quote(there.delivered)
        offending = (there.name,)
        if clause.kind is Kind.REQUIRED:
            return Sample(source=where(self.table, f"{text} IS NULL"), offending=offending)
        if clause.kind is Kind.TYPE:
            if not there.parsed:
                return None
            row = row_name(self.table)
            broken = where(self.table, f"{cell} IS NULL AND {text} IS NOT NULL", row=row)
            return Sample(source=broken, offending=offending, delivered=True, row=row)
        if clause.kind is Kind.UNIQUE:
            view = self.table.judged
            again = f"SELECT {cell} FROM {view} GROUP BY {cell} HAVING count(*) > 1"  # noqa: S608 - quoted names
            return Sample(source=where(self.table, f"{cell} IN ({again})"), offending=offending)
        return Sample(source=self._broken_rows(clause, there.name), offending=offending)

    def _broken_rows(self, clause: Clause, name: str) -> str:
        frame = self.built.table
        checks = self.built.schema.columns[name].checks
        check = next(check for check in checks if check.name == clause.key)
        return str(ibis.to_sql(frame.filter(violation(check, name, frame)), dialect="duckdb"))


def _rest(clause: Clause) -> str:
    """How the sentence about failing rows goes on."""
    match clause.kind:
        case Kind.TYPE:
            return f" as {_article(clause)}"
        case Kind.ENUM:
            return f" a value other than {_values(clause)}"
        case Kind.MINIMUM | Kind.MAXIMUM:
            side = "below" if clause.kind is Kind.MINIMUM else "above"
            return f" {side} {clause.arguments['value']}"
        case _:
            return ""


def _article(clause: Clause) -> str:
    logical = str(clause.arguments["logical_type"])
    return f"an {logical}" if logical[0] in "aeio" else f"a {logical}"


def _values(clause: Clause) -> str:
    values = clause.arguments["values"]
    return listed([str(value) for value in values] if isinstance(values, Sequence) else [])
