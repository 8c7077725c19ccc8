from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from checks.model import Finding, Outcome, Report, Result
from contracts.clause import Kind
from contracts.values import Severity
from tests.checks.build import clause

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ASKED = clause(Kind.REQUIRED, "id")


def told(*outcomes, severity=Severity.HIGH):
    results = tuple(
        Result(
            clause=replace(ASKED, severity=severity), finding=Finding(outcome=outcome, reason="why")
        )
        for outcome in outcomes
    )
    finished = NOON + timedelta(seconds=2)
    return Report(
        contract_id="c", version="1", server=None, started=NOON, finished=finished, results=results
    )


P, F, E, S = Outcome.PASSED, Outcome.FAILED, Outcome.ERRORED, Outcome.SKIPPED


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [([P, S], P), ([P, F], F), ([P, F, E], E), ([P, E], E), ([S], S), ([], S)],
)
def test_the_gravest_blocking_result_decides(outcomes, verdict):
    assert told(*outcomes).outcome is verdict


def test_what_does_not_block_does_not_decide():
    assert told(F, E, severity=Severity.LOW).outcome is P


def test_counts_and_coverage_tell_every_result():
    report = told(P, F, S, S)

    assert report.counts == {P: 1, F: 1, E: 0, S: 2}
    assert report.coverage.clauses == 4
    assert report.coverage.executed == 2
    assert report.coverage.skipped == {"why": 2}
    assert report.seconds == 2
