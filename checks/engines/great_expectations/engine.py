"""Validates one suite per view in one throw-away context, and turns the results into findings."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, Final

from great_expectations.core import ExpectationSuite

from checks.attempt import Fault, attempt
from checks.dataset import Dataset, Relation, quote
from checks.engines.great_expectations.answer import Said, answer
from checks.engines.great_expectations.ask import CLAUSE, Asked, ask, columns_of
from checks.engines.great_expectations.context import Batches
from checks.errors import CheckError
from checks.evidence import ROWS, Sample, collect, sensitive_names, where
from checks.model import Evidence, Finding, Outcome
from checks.named import absent_column
from checks.wording import fault
from contracts.clause import Clause, Kind

_FORMAT: Final = {"result_format": "BASIC", "partial_unexpected_count": ROWS}


def judge(dataset: Dataset, clauses: Sequence[Clause]) -> Mapping[str, Finding]:
    """Judge ``clauses``; see ``checks.engines.Engine``."""
    findings: dict[str, Finding] = {}
    suites: dict[Relation, list[Asked]] = {}
    for clause in clauses:
        asked = _asked(clause, dataset)
        if isinstance(asked, Finding):
            findings[clause.key] = asked
        else:
            suites.setdefault(asked.relation, []).append(asked)
    with closing(Batches(dataset.session)) as batches:
        for relation, suite in suites.items():
            findings.update(_validate(batches, relation, suite))
    return {
        clause.key: _with_rows(dataset, clause, findings[clause.key])
        for clause in clauses
        if clause.key in findings
    }


def _asked(clause: Clause, dataset: Dataset) -> Asked | Finding:
    """The clause as an expectation, or the finding that it makes none."""
    asked = attempt(lambda: ask(clause, dataset.tables))
    if not isinstance(asked, Fault):
        missing = _absent_column(asked, dataset)
        return asked if missing is None else _skipped(missing)
    if isinstance(asked.error, CheckError):
        return Finding(outcome=Outcome.ERRORED, reason=str(asked.error))
    return _errored(clause, asked)  # one clause's fault must not sink the others


def _absent_column(asked: Asked, dataset: Dataset) -> str | None:
    """The promised column that the clause's query names and the data lacks, if there is one."""
    query = getattr(asked.expectation, "query", None)
    if asked.clause.kind is not Kind.SQL or not isinstance(query, str):
        return None
    return absent_column(query, dataset.tables, dataset.absent)


def _skipped(column: str) -> Finding:
    return Finding(outcome=Outcome.SKIPPED, reason=f"column {column!r} is missing")


def _validate(
    batches: Batches, relation: Relation, suite: Sequence[Asked]
) -> Mapping[str, Finding]:
    said = attempt(lambda: _together(batches.batch(relation), relation.name, suite))
    if isinstance(said, Fault):  # one table's fault must not sink the others
        return {asked.clause.key: _errored(asked.clause, said) for asked in suite}
    return {
        asked.clause.key: answer(asked.clause, said[asked.clause.key])
        for asked in suite
        if asked.clause.key in said
    }


def _errored(clause: Clause, raised: Fault) -> Finding:
    reason = fault(raised.error, masked=bool(sensitive_names(clause)))
    return Finding(outcome=Outcome.ERRORED, reason=reason)


def _together(batch: Any, table: str, suite: Sequence[Asked]) -> Mapping[str, Said]:  # noqa: ANN401 - gx.Batch
    """What GX says of all expectations, by key of the clause.

    Metrics share statements: one that raises takes others with it. So those that raised are asked
    again, each alone, and only what raises then is at fault.
    """
    expectations = [asked.expectation for asked in suite]
    results = batch.validate(
        ExpectationSuite(name=table, expectations=expectations), result_format=_FORMAT
    ).results
    said = {result.expectation_config.meta[CLAUSE]: Said.of(result) for result in results}
    raised = [asked for asked in suite if said[asked.clause.key].exceptions]
    if len(suite) > 1:
        for asked in raised:
            if not any("stopped after" in text for text in said[asked.clause.key].exceptions):
                alone = batch.validate(asked.expectation, result_format=_FORMAT)
                said[asked.clause.key] = Said.of(alone)
    return said


def _with_rows(dataset: Dataset, clause: Clause, finding: Finding) -> Finding:
    """The finding with rows beside it that its result alone does not show."""
    shows_rows = clause.kind in {Kind.NULL_VALUES, Kind.DUPLICATE_VALUES}
    if finding.outcome is not Outcome.FAILED or not finding.failed_rows or not shows_rows:
        return finding
    try:
        return replace(finding, evidence=_rows(dataset, clause))
    except CheckError:  # the verdict stands without a sample of the rows
        return finding


def _rows(dataset: Dataset, clause: Clause) -> Evidence | None:
    table = dataset.tables[clause.schema or ""]
    if clause.kind is Kind.NULL_VALUES:
        name = clause.column or ""
        broken = f"{quote(table.columns[name].delivered)} IS NULL"
        sample = Sample(source=where(table, broken), offending=(name,))
        return collect(dataset.session, table, clause, sample)
    columns = columns_of(clause)
    cells = ", ".join(quote(column) for column in columns)
    filled = " AND ".join(f"{quote(column)} IS NOT NULL" for column in columns)
    view = table.judged
    again = f"SELECT {cells} FROM {view} WHERE {filled} GROUP BY {cells} HAVING count(*) > 1"  # noqa: S608 - quoted names
    rows = where(table, f"({cells}) IN ({again})")
    return collect(dataset.session, table, clause, Sample(source=rows, offending=tuple(columns)))
