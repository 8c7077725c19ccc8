from dataclasses import replace
from datetime import UTC, datetime

from checks.model import Evidence, Finding, Outcome, Report, Result
from cli.files import Source
from cli.formats.case import Weight
from cli.formats.cases import of_problems, of_report
from contracts.clauses import clauses
from contracts.parse import parse
from contracts.problems import Level, Problem
from contracts.values import Severity
from tests.cli.conftest import CONTRACT

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
BODY = (
    CONTRACT + "        logicalTypeOptions:\n          minimum: 0\n        required: true\n"
).encode()
SOURCE = Source(path="orders.yaml", body=BODY)
MINIMUM = next(each for each in clauses(parse(BODY)) if each.key.endswith("/minimum"))
BROKEN = Finding(
    outcome=Outcome.FAILED,
    reason="2 rows are below 0",
    seconds=0.5,
    evidence=Evidence(
        columns=("id", "amount"),
        rows=((1, None), (2, "•••")),
        offending=("amount",),
        masked=("amount",),
    ),
)


def judged(finding: Finding, severity: Severity = Severity.HIGH) -> Report:
    return Report(
        contract_id="orders",
        version="1.2.0",
        server="here",
        started=NOON,
        finished=NOON,
        results=(Result(clause=replace(MINIMUM, severity=severity), finding=finding),),
    )


def test_a_clause_stands_at_its_line_of_the_contract():
    (found,) = of_report(SOURCE, judged(BROKEN), evidence=False).cases

    text = BODY.decode().splitlines()[found.line - 1]
    assert text[found.column - 1 :] == "0"
    assert (found.group, found.name, found.rule) == ("orders", MINIMUM.key, "minimum")
    assert (found.title, found.message) == ("orders.amount minimum", "2 rows are below 0")
    assert (found.detail, found.seconds) == (("promised: at least 0",), 0.5)


def test_rows_are_told_only_where_they_are_asked_for():
    (found,) = of_report(SOURCE, judged(BROKEN), evidence=True).cases

    assert found.detail == (
        "promised: at least 0",
        "id = 1, amount = NULL",
        "id = 2, amount = •••",
    )


def test_the_weight_is_that_of_the_severity():
    weights = {
        severity: of_report(SOURCE, judged(BROKEN, severity), evidence=False).cases[0].weight
        for severity in Severity
    }

    assert weights == {
        Severity.CRITICAL: Weight.ERROR,
        Severity.HIGH: Weight.ERROR,
        Severity.MEDIUM: Weight.ERROR,
        Severity.LOW: Weight.WARNING,
        Severity.INFO: Weight.NOTE,
    }


def problem(severity: Level) -> Problem:
    return Problem(code="bad", pointer="/x", line=2, column=3, severity=severity, message="is bad")


def test_a_document_without_errors_passed_whatever_it_is_warned_of():
    warned = of_problems(SOURCE, [problem(Level.WARNING)], at=NOON)
    broken = of_problems(SOURCE, [problem(Level.ERROR), problem(Level.ERROR)], at=NOON)

    assert [(each.name, each.outcome) for each in warned.cases] == [
        ("is a valid contract", "passed"),
        ("bad /x", "warned"),
    ]
    assert [(each.name, each.outcome) for each in broken.cases] == [
        ("bad /x", "failed"),
        ("bad /x 2", "failed"),
    ]
