"""Results of a check, and problems of a document, as cases."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from checks.model import Evidence, Report, Result
from cli.files import Source
from cli.formats.case import Case, Suite, Weight
from contracts.document import load
from contracts.problems import Level, Problem
from contracts.tree import Document
from contracts.values import Severity

_WEIGHTS: Final = {Severity.LOW: Weight.WARNING, Severity.INFO: Weight.NOTE}


def of_report(source: Source, judged: Report, *, evidence: bool) -> Suite:
    """A case for each clause; rows behind failures only with ``evidence``, masked as ever."""
    document = load(source.body)
    return Suite(
        name=f"{judged.contract_id} {judged.version}",
        identity=judged.contract_id,
        path=source.path,
        cases=[_clause(result, document, evidence=evidence) for result in judged.results],
        at=judged.started,
    )


def of_problems(source: Source, problems: Sequence[Problem], *, at: datetime) -> Suite:
    """A case for each problem; of a document without errors one that passed, too."""
    title = "is a valid contract"
    cases: list[Case] = []
    if not any(problem.severity is Level.ERROR for problem in problems):
        cases.append(Case(group="", name=title, rule="valid", title=title, outcome="passed"))
    seen: Counter[str] = Counter()
    for problem in problems:
        name = f"{problem.code} {problem.pointer or '/'}"
        seen[name] += 1
        cases.append(_problem(problem, name if seen[name] == 1 else f"{name} {seen[name]}"))
    return Suite(name=source.label, identity=source.label, path=source.path, cases=cases, at=at)


def _problem(problem: Problem, name: str) -> Case:
    wrong = problem.severity is Level.ERROR
    return Case(
        group="",
        name=name,
        rule=problem.code,
        title=problem.code,
        outcome="failed" if wrong else "warned",
        weight=Weight.ERROR if wrong else Weight.WARNING,
        message=problem.message,
        line=problem.line,
        column=problem.column,
    )


def _clause(result: Result, document: Document, *, evidence: bool) -> Case:
    clause, finding = result.clause, result.finding
    line, column = document.place(clause.pointer)
    place = ".".join(part for part in (clause.schema, clause.column) if part) or "contract"
    sample = finding.evidence if evidence else None
    return Case(
        group=clause.schema or "contract",
        name=clause.key,
        rule=clause.kind.value,
        title=f"{place} {clause.kind.value}",
        outcome=finding.outcome.value,
        weight=_WEIGHTS.get(clause.severity, Weight.ERROR),
        message=finding.reason,
        detail=(*_promise(result), *(_rows(sample) if sample else ())),
        line=line,
        column=column,
        seconds=finding.seconds,
    )


def _promise(result: Result) -> Iterator[str]:
    if result.clause.threshold:
        yield f"promised: {result.clause.threshold}"


def _rows(sample: Evidence) -> Iterator[str]:
    for row in sample.rows:
        cells = zip(sample.columns, row, strict=True)
        yield ", ".join(f"{name} = {'NULL' if cell is None else cell}" for name, cell in cells)
