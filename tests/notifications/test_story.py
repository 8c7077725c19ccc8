from checks.model import Finding, Outcome, Result
from contracts.clause import Clause, Kind
from notifications.story import broken_of
from tests.notifications.stories import UNIQUE


def test_a_failed_result_becomes_a_broken_promise():
    clause = Clause(
        key=UNIQUE.clause,
        pointer="/schema/0/properties/0/unique",
        kind=Kind.UNIQUE,
        schema=UNIQUE.schema,
        column=UNIQUE.column,
        threshold=UNIQUE.threshold,
        description=UNIQUE.description,
        severity=UNIQUE.severity,
    )
    finding = Finding(
        outcome=Outcome.FAILED,
        rows=UNIQUE.rows,
        failed_rows=UNIQUE.failed_rows,
        reason=UNIQUE.reason,
        evidence=UNIQUE.evidence,
    )

    assert broken_of(Result(clause=clause, finding=finding)) == UNIQUE
