"""Validates one suite per relation in one throw-away context, and turns results into findings."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, Final

from great_expectations.core import ExpectationSuite

from checks import progress
from checks.attempt import Fault, attempt
from checks.dataset import Dataset, Relation
from checks.engines.great_expectations.answer import Said, answer
from checks.engines.great_expectations.ask import CLAUSE, Asked, ask
from checks.engines.great_expectations.budget import BudgetedSession
from checks.engines.great_expectations.context import Batches
from checks.engines.great_expectations.samples import sample
from checks.errors import CheckError
from checks.evidence import ROWS, Sample, collect, sensitive_names
from checks.model import Evidence, Finding, Outcome
from checks.named import absent_column
from checks.wording import fault
from contracts.clause import Clause, Kind

_FORMAT: Final = {"result_format": "BASIC", "partial_unexpected_count": ROWS}


def judge(dataset: Dataset, clauses: Sequence[Clause]) -> Mapping[str, Finding]:
    """Judge ``clauses``; see ``checks.engines.Engine``."""
    dataset = replace(dataset, session=BudgetedSession(dataset.session))
    findings: dict[str, Finding] = {}
    asked: list[Asked] = []
    for clause in clauses:
        each = _asked(clause, dataset)
        if isinstance(each, Finding):
            findings[clause.key] = each
        else:
            asked.append(each)
    if asked:
        with closing(Batches(dataset)) as batches:
            findings.update(_Judging(dataset, batches).findings(asked))
    return findings


def _asked(clause: Clause, dataset: Dataset) -> Asked | Finding:
    """The clause as an expectation, or the finding that it makes none."""
    asked = attempt(lambda: ask(clause, dataset))
    if not isinstance(asked, Fault):
        missing = _absent_column(asked, dataset)
        return asked if missing is None else _skipped(missing)
    if isinstance(asked.error, CheckError):  # words about the contract: no cell is read as yet
        return Finding(outcome=Outcome.ERRORED, reason=str(asked.error))
    return _errored(clause, asked)  # one clause's fault must not sink the others


def _absent_column(asked: Asked, dataset: Dataset) -> str | None:
    """The promised column that the clause's query names and the data lacks, if there is one."""
    query = getattr(asked.alone, "query", None)
    if asked.clause.kind is not Kind.SQL or not isinstance(query, str):
        return None
    dialect = dataset.session.dialect
    return absent_column(query, dataset.tables, dataset.absent, dialect=dialect)


def _skipped(column: str) -> Finding:
    return Finding(outcome=Outcome.SKIPPED, reason=f"column {column!r} is missing")


def _errored(clause: Clause, raised: Fault) -> Finding:
    reason = fault(raised.error, masked=bool(sensitive_names(clause)))
    return Finding(outcome=Outcome.ERRORED, reason=reason)


class _Judging:
    """One judging of the clauses of all objects."""

    def __init__(self, dataset: Dataset, batches: Batches) -> None:
        self._dataset = dataset
        self._batches = batches
        self._fused = dataset.fused

    def findings(self, asked: Sequence[Asked]) -> Mapping[str, Finding]:
        """The findings, with rows beside those that failed."""
        said = self._said(asked)
        findings = {
            each.clause.key: _finding(each.clause, said[each.clause.key])
            for each in asked
            if each.clause.key in said
        }
        evidence = self._evidence(asked, said, findings) if self._dataset.evidence else {}
        return {
            key: replace(finding, evidence=evidence[key]) if key in evidence else finding
            for key, finding in findings.items()
        }

    def _said(self, asked: Sequence[Asked]) -> dict[str, Said | Fault]:
        if not self._fused:
            return {each.clause.key: self._alone(each) for each in asked}
        suites: dict[Relation, list[Asked]] = {}
        for each in asked:
            suites.setdefault(each.relation, []).append(each)
        said: dict[str, Said | Fault] = {}
        for relation, suite in suites.items():
            together = attempt(lambda r=relation, s=suite: self._together(r, s))  # type: ignore[misc]  # of this turn
            if isinstance(together, Fault):  # one table's fault must not sink the others
                said.update({each.clause.key: together for each in suite})
            else:
                said.update(together)
            progress.answer(len(suite))
        return said

    def _together(self, relation: Relation, suite: Sequence[Asked]) -> Mapping[str, Said | Fault]:
        """What GX says of all expectations on one relation, by key of the clause.

        What could not be told in the statement that they share is asked once more, each rule alone
        and as GX does it by itself, so that only what raises then is at fault.
        """
        batch = self._batches.batch(relation)
        expectations = [each.expectation for each in suite]
        execution = self._batches.execution
        with execution.fusing():
            results = batch.validate(
                ExpectationSuite(name=relation.name, expectations=expectations),
                result_format=_FORMAT,
            ).results
        said: dict[str, Said | Fault] = {
            result.expectation_config.meta[CLAUSE]: Said.of(result, execution.conditions)
            for result in results
        }
        for each in suite:
            known = said.get(each.clause.key)
            if isinstance(known, Said) and known.unknown and not known.stopped and each.shared:
                said[each.clause.key] = self._alone(each)
        return said

    def _alone(self, asked: Asked) -> Said | Fault:
        """What GX says of one expectation, with the offending cells listed."""

        def validated() -> Any:  # noqa: ANN401 - ExpectationValidationResult carries no types
            batch = self._batches.batch(asked.relation)
            return batch.validate(asked.alone, result_format=_FORMAT)

        result = attempt(validated)
        return result if isinstance(result, Fault) else Said.of(result)

    def _evidence(
        self,
        asked: Sequence[Asked],
        said: Mapping[str, Said | Fault],
        findings: Mapping[str, Finding],
    ) -> Mapping[str, Evidence]:
        """By key of the clause: rows of each object, all by one statement where that can be."""
        samples: dict[str, list[Sample]] = {}
        evidence: dict[str, Evidence] = {}
        for each in asked:
            key, name = each.clause.key, each.clause.schema or ""
            told, finding = said.get(key), findings.get(key)
            if finding is None or not isinstance(told, Said):
                continue
            wanted = sample(each.clause, finding, told, self._dataset.tables[name])
            if wanted is not None:
                samples.setdefault(name, []).append(wanted)
            elif self._unshown(told, finding) and (listed := self._listed(each)):
                evidence[key] = listed
        for name, several in samples.items():
            table = self._dataset.tables[name]
            evidence.update(collect(self._dataset.session, table, several))
        return evidence

    def _unshown(self, said: Said, finding: Finding) -> bool:
        """Whether rows are at fault that only GX itself can list."""
        failed = finding.outcome is Outcome.FAILED and finding.failed_rows != 0
        return failed and said.lists and finding.evidence is None

    def _listed(self, asked: Asked) -> Evidence | None:
        """The cells that GX lists when it is asked for them alone."""
        said = self._alone(asked)
        return None if isinstance(said, Fault) else answer(asked.clause, said).evidence


def _finding(clause: Clause, said: Said | Fault) -> Finding:
    return _errored(clause, said) if isinstance(said, Fault) else answer(clause, said)
