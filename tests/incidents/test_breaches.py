from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model import Finding, Outcome, Result
from contracts.clause import Clause, Kind
from contracts.values import Severity
from incidents.breaches import BreachSteps, Verdict, fingerprint, step_breaches, verdicts
from incidents.model import Breach, BreachState

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def verdict(print_: str, outcome: Outcome, severity: Severity = Severity.HIGH) -> Verdict:
    return Verdict(
        fingerprint=print_, clause_key=f"/{print_}", segment="", severity=severity, outcome=outcome
    )


def firing(print_: str, severity: Severity = Severity.HIGH) -> Breach:
    return Breach(
        fingerprint=print_,
        clause_key=f"/{print_}",
        segment="",
        severity=severity,
        state=BreachState.FIRING,
        opened_at=NOON,
    )


def test_a_failure_opens_a_breach():
    steps = step_breaches({}, [verdict("a", Outcome.FAILED)], NOON)

    assert steps == BreachSteps(opened=(firing("a"),))
    assert steps.all == steps.open == (firing("a"),)


def test_a_failure_keeps_an_open_breach_with_its_newest_severity():
    failure = verdict("a", Outcome.FAILED, Severity.CRITICAL)

    steps = step_breaches({"a": firing("a")}, [failure], LATER)

    assert steps == BreachSteps(still=(firing("a", Severity.CRITICAL),))


def test_a_pass_resolves():
    steps = step_breaches({"a": firing("a")}, [verdict("a", Outcome.PASSED)], LATER)

    [resolved] = steps.resolved
    assert (resolved.state, resolved.resolved_at) == (BreachState.RESOLVED, LATER)
    assert steps.open == ()


@pytest.mark.parametrize("outcome", [Outcome.ERRORED, Outcome.SKIPPED])
def test_not_knowing_changes_nothing(outcome: Outcome):
    results = [verdict("a", outcome), verdict("b", outcome)]

    steps = step_breaches({"a": firing("a")}, results, LATER)

    assert steps == BreachSteps(unknown=(firing("a"),))
    assert steps.open == (firing("a"),)


def test_a_clause_that_is_gone_supersedes_its_breach():
    steps = step_breaches(
        {"a": firing("a"), "b": firing("b")},
        [verdict("a", Outcome.PASSED)],
        LATER,
        present=frozenset({"b"}),
    )

    [superseded] = steps.superseded
    assert (superseded.fingerprint, superseded.state) == ("a", BreachState.SUPERSEDED)
    assert steps.unknown == (firing("b"),)


def test_of_several_results_a_failure_wins():
    results = [verdict("a", Outcome.FAILED), verdict("a", Outcome.PASSED)]

    assert step_breaches({"a": firing("a")}, results, LATER).still == (firing("a"),)
    assert len(step_breaches({}, results, LATER).opened) == 1


PRINTS = st.sampled_from("abcdef")


@given(
    st.sets(PRINTS),
    st.lists(st.builds(verdict, PRINTS, st.sampled_from(Outcome))),
    st.none() | st.frozensets(PRINTS),
)
def test_every_open_breach_is_accounted_for_once(
    before: set[str], results: list[Verdict], present: frozenset[str] | None
):
    steps = step_breaches({one: firing(one) for one in before}, results, LATER, present=present)

    after = [breach.fingerprint for breach in steps.all]
    failed = {one.fingerprint for one in results if one.outcome is Outcome.FAILED}
    assert len(after) == len(set(after))
    assert set(after) == before | failed
    assert failed <= {breach.fingerprint for breach in steps.open}
    assert all(breach.state.open == (breach in steps.open) for breach in steps.all)


def test_results_become_verdicts_under_their_fingerprints():
    clause = Clause(key="/a", pointer="/x", kind=Kind.REQUIRED, severity=Severity.LOW)
    result = Result(clause=clause, finding=Finding(outcome=Outcome.FAILED), segment="eu")

    [found] = verdicts("orders", "1.2.0", [result])

    assert found.fingerprint == fingerprint("orders", "1.9.9", "/a", "eu")
    assert (found.clause_key, found.severity, found.outcome) == ("/a", Severity.LOW, Outcome.FAILED)


@pytest.mark.parametrize("version", ["1.0.0", "1.9", "v1", " 1.0-rc", "V01.2", "1 beta"])
def test_only_the_major_version_counts(version: str):
    assert fingerprint("c", version, "/k", "") == fingerprint("c", "1.2.3", "/k", "")


@pytest.mark.parametrize("version", ["2.0.0", "10", "", "draft", "0", "latest"])
def test_another_major_version_is_another_breach(version: str):
    assert fingerprint("c", version, "/k", "") != fingerprint("c", "1.2.3", "/k", "")


@given(st.text(), st.text(), st.text(), st.text())
def test_any_text_has_a_fingerprint(contract: str, version: str, key: str, segment: str):
    assert len(fingerprint(contract, version, key, segment)) == 64


@given(st.text(), st.text(min_size=1))
def test_parts_do_not_run_into_each_other(left: str, right: str):
    assert fingerprint(left + right, "1", "", "") != fingerprint(left, "1", right, "")
