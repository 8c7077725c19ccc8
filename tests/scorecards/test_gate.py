"""Whether to rely on a product."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model import Finding, Outcome, Result
from contracts.clause import Clause, Kind
from contracts.values import Severity
from scorecards.gate import Decision, Terms, Verdict, decide
from scorecards.line import Line, Unjudged
from scorecards.model import Score
from tests.scorecards.standings import NOW

HOUR = timedelta(hours=1)
SCORE = Score(
    quality=97.0,
    low=95.0,
    high=99.0,
    uncapped=97.0,
    cap="",
    assurance=0.97,
    dimensions=(),
    clauses=1,
    failing=0,
    lost={},
)


def line(
    outcome: Outcome = Outcome.PASSED,
    *,
    good: bool | None = True,
    age: timedelta = HOUR,
    severity: Severity = Severity.HIGH,
    skipped: str = "",
    reason: str = "",
) -> Line:
    clause = Clause(
        key="/a",
        pointer="/a",
        kind=Kind.MINIMUM,
        schema="orders",
        column="amount",
        threshold="at least 0",
        severity=severity,
        skipped=skipped,
    )
    return Line(
        result=Result(clause=clause, finding=Finding(outcome=outcome, reason=reason)),
        contract_id="orders",
        good=good,
        judged_at=None if good is None else NOW - age,
    )


def asked(
    *lines: Line,
    score: Score = SCORE,
    unjudged: Unjudged = Unjudged(),  # noqa: B008 - a frozen value
    faded: frozenset[str] | set[str] = frozenset(),
    **terms,
) -> Decision:
    return decide(score, lines, unjudged, terms=Terms(**terms), faded=faded, now=NOW)


def told(decision: Decision) -> list[tuple[str, str]]:
    return [(reason.code, reason.words) for reason in decision.reasons]


def test_it_opens_when_every_blocking_clause_keeps_its_promise():
    assert asked(line(), min_score=95, max_age=HOUR) == Decision(verdict=Verdict.OPEN, reasons=())


def test_a_broken_blocking_clause_closes_it():
    found = asked(line(Outcome.FAILED, good=False, reason="3 of 4 rows"))

    assert found.verdict is Verdict.CLOSED
    assert told(found) == [("clause-failing", "orders.amount (minimum) is broken: 3 of 4 rows")]
    assert found.reasons[0].clause == "/a"


def test_a_bad_verdict_sticks_while_newer_answers_error():
    found = asked(line(Outcome.ERRORED, good=False, reason="no file"))

    assert told(found) == [("clause-failing", "orders.amount (minimum) is broken: at least 0")]


def test_a_clause_that_does_not_block_closes_nothing():
    assert asked(line(Outcome.FAILED, good=False, severity=Severity.LOW)).verdict is Verdict.OPEN


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (
            line(Outcome.ERRORED, reason="no file"),
            ("clause-errored", "orders.amount (minimum) could not be judged: no file"),
        ),
        (
            line(Outcome.SKIPPED, good=None),
            ("clause-unjudged", "orders.amount (minimum) was never judged"),
        ),
        (
            line(age=HOUR * 2),
            (
                "clause-too-old",
                "orders.amount (minimum) was last judged 2026-03-02 10:00 UTC, too long ago",
            ),
        ),
    ],
)
def test_what_nobody_knows_does_not_open_it(one: Line, expected: tuple[str, str]):
    found = asked(one, max_age=HOUR)

    assert found.verdict is Verdict.UNSURE
    assert told(found) == [expected]


def test_a_clause_that_no_run_judges_is_not_waited_for_but_counted():
    found = asked(line(Outcome.SKIPPED, good=None, skipped="not yet"))

    assert (found.verdict, found.skipped) == (Verdict.OPEN, 1)


@pytest.mark.parametrize(("kind", "counted"), [(Kind.PHYSICAL_TYPE, 1), (Kind.TEXT, 0)])
def test_what_can_never_be_judged_is_counted_where_it_is_about_data(kind: Kind, counted: int):
    one = line(Outcome.SKIPPED, good=None, skipped="not executable: files have none")
    clause = replace(one.result.clause, kind=kind, executable=False)

    found = asked(replace(one, result=replace(one.result, clause=clause)))

    assert (found.verdict, found.skipped) == (Verdict.OPEN, counted)


def test_a_score_that_cannot_reach_what_is_asked_closes_it():
    found = asked(line(), min_score=99.5)

    assert (found.verdict, told(found)) == (
        Verdict.CLOSED,
        [("score-too-low", "its score is 99, below 99.5")],
    )


def test_a_score_that_might_reach_it_is_not_enough():
    found = asked(line(), min_score=96)

    words = "its score lies between 95 and 99, and 96 is asked: too little of it is proven"
    assert (found.verdict, told(found)) == (Verdict.UNSURE, [("score-unproven", words)])


def test_a_product_that_was_never_judged_stays_shut():
    found = asked(score=replace(SCORE, quality=None, low=None, high=None))

    assert (found.verdict, told(found)) == (
        Verdict.UNSURE,
        [("not-measured", "nothing of it has been judged yet")],
    )


def test_a_lost_run_leaves_it_shut():
    found = asked(line(), unjudged=Unjudged(lost=1))

    assert told(found) == [("run-lost", "the newest run was lost")]


def test_what_is_known_to_be_bad_is_told_first():
    found = asked(line(Outcome.SKIPPED, good=None), line(Outcome.FAILED, good=False))

    assert found.verdict is Verdict.CLOSED
    assert [reason.verdict for reason in found.reasons] == [Verdict.CLOSED, Verdict.UNSURE]


lines = st.builds(
    line,
    st.sampled_from(Outcome),
    good=st.sampled_from((True, False, None)),
    age=st.timedeltas(timedelta(0), timedelta(days=40)),
    severity=st.sampled_from(Severity),
)


@given(st.lists(lines, max_size=6), st.one_of(st.none(), st.floats(0, 100)))
def test_nothing_bad_or_unknown_ever_opens_it(found: list[Line], least: float | None):
    decision = asked(*found, min_score=least)

    blocking = [each for each in found if each.result.clause.blocking]
    if decision.verdict is Verdict.OPEN:
        assert all(each.good for each in blocking)
        assert all(each.result.outcome is not Outcome.ERRORED for each in blocking)
        assert least is None or least <= 95
    else:
        assert decision.reasons


def test_a_verdict_that_counts_no_more_does_not_open_it():
    found = asked(line(age=HOUR * 72), faded={"/a"})

    assert found.verdict is Verdict.UNSURE
    words = "orders.amount (minimum) was last judged 2026-02-27 12:00 UTC, too long ago to count"
    assert told(found) == [("clause-too-old", words)]


def test_an_age_that_is_asked_for_replaces_that_of_the_schedule():
    found = asked(line(age=HOUR * 72), faded={"/a"}, max_age=HOUR * 96)

    assert found.verdict is Verdict.OPEN


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.FAILED, "Nothing is given away: 3 of 4 rows"),
        (Outcome.ERRORED, "Nothing is given away (at least 0)"),
    ],
)
def test_a_broken_clause_is_told_in_the_words_of_its_author(outcome: Outcome, words: str):
    plain = line(outcome, good=False, reason="3 of 4 rows")
    clause = replace(plain.result.clause, description="Nothing is\n given away.")

    found = asked(replace(plain, result=replace(plain.result, clause=clause)))

    assert told(found) == [("clause-failing", f"orders.amount (minimum) is broken: {words}")]
