from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values import Dimension, Severity
from scorecards.model import MODEL, Score, Standing
from scorecards.score import score
from tests.scorecards.standings import NOW, clause, standings

DAY = timedelta(days=1)
FOUR = list(Dimension)[:4]
SLACK = 1e-9


def value(found: Score, dimension: Dimension = Dimension.CONFORMITY) -> float | None:
    [one] = [one for one in found.dimensions if one.dimension is dimension]
    return one.value


def number(value: float | None) -> float:
    return -1.0 if value is None else value


def test_a_hundred_trivial_passes_do_not_drown_a_critical_failure():
    passing = [clause(f"/{n}", Severity.LOW) for n in range(100)]

    found = score([clause("/c", Severity.CRITICAL, good=False), *passing], NOW)

    assert value(found) == pytest.approx(100 / 9)
    assert found.quality == pytest.approx(100 / 9)


def test_one_bad_dimension_of_four_weighs_on_the_whole():
    bad = [clause(f"/{n}", dimension=FOUR[0], good=n == 0) for n in range(10)]
    good = [clause(f"/{one}", dimension=one) for one in FOUR[1:]]

    assert round(number(score(bad + good, NOW).quality), 1) == 56.2


def test_one_failing_high_clause_among_seven_dimensions():
    first, *others = Dimension
    good = [clause(f"/{one}", Severity.LOW, one) for one in others]

    found = score([clause("/bad", dimension=first, good=False), *good], NOW)

    assert round(number(found.quality), 1) == 15.8


def test_everything_kept_is_a_hundred():
    found = score([clause("/a"), clause("/b", Severity.LOW)], NOW)

    assert (found.low, found.quality, found.high, found.uncapped) == (100, 100, 100, 100)
    assert (found.cap, found.assurance, found.lost, found.model) == ("", 1, {}, MODEL)


def test_no_clause_has_no_score():
    found = score([], NOW)

    assert (found.low, found.quality, found.high, found.assurance) == (None, None, None, 0)
    assert (found.clauses, found.failing, found.cap) == (0, 0, "")
    assert len(found.dimensions) == 7


def test_what_was_never_judged_is_neither_zero_nor_a_hundred():
    found = score([clause("/a", good=None)], NOW)

    assert (found.quality, found.uncapped, value(found)) == (None, None, None)
    assert number(found.low) == pytest.approx(1)
    assert found.high == 100


def test_information_alone_is_not_measured():
    found = score([clause("/a", Severity.INFO, good=False)], NOW)

    assert (found.quality, found.low, value(found)) == (None, None, None)
    assert (found.failing, found.lost) == (1, {"/a": 0})


def test_a_failing_critical_clause_caps_the_score():
    passing = [clause(f"/{n}", Severity.CRITICAL) for n in range(99)]

    found = score([clause("/c", Severity.CRITICAL, good=False), *passing], NOW)

    assert (found.low, found.quality, found.high) == (49, 49, 49)
    assert found.uncapped == pytest.approx(99)
    assert found.cap == "1 critical clause is failing"


def test_two_failing_critical_clauses_are_told_as_two():
    failing = [clause(f"/f{n}", Severity.CRITICAL, good=False) for n in range(2)]
    passing = [clause(f"/{n}", Severity.CRITICAL) for n in range(98)]

    found = score(failing + passing, NOW)

    assert found.cap == "2 critical clauses are failing"
    assert found.lost == {"/f0": 0, "/f1": 0}


def test_a_cap_that_lowers_nothing_is_not_told():
    found = score([clause("/c", Severity.CRITICAL, good=False)], NOW)

    assert (found.cap, found.quality) == ("", found.uncapped)


@pytest.mark.parametrize(("age", "quality"), [(27.9, 79), (28, 100)])
def test_dropping_a_failing_clause_caps_for_28_days(age: float, quality: float):
    dropped = clause("/gone", good=False, dropped=age * DAY)

    found = score([clause("/a"), dropped], NOW)

    assert (found.quality, found.clauses, found.failing) == (quality, 1, 0)
    assert found.cap == ("1 clause dropped while failing" if quality == 79 else "")


def test_a_dropped_clause_caps_what_is_not_measured_too():
    found = score([clause("/a", good=None), clause("/b", good=False, dropped=DAY)], NOW)

    assert (found.quality, found.high) == (None, 79)
    assert found.cap == "1 clause dropped while failing"


def test_a_critical_clause_nobody_judged_caps_the_low_end_alone():
    passing = [clause(f"/{n}", Severity.CRITICAL) for n in range(9)]

    found = score([*passing, clause("/new", Severity.CRITICAL, good=None)], NOW)

    assert (found.low, found.quality, found.high) == (49, 100, 100)


def test_lost_points_are_what_fixing_a_clause_gains():
    standing = [clause("/a"), clause("/b", good=False), clause("/c", Severity.LOW, good=False)]

    found = score(standing, NOW)

    for place, key in ((1, "/b"), (2, "/c")):
        fixed = [*standing]
        fixed[place] = clause(key, standing[place].severity)
        gain = number(score(fixed, NOW).quality) - number(found.quality)
        assert found.lost[key] == pytest.approx(gain)


def test_dimensions_count_their_clauses():
    standing = [clause("/a"), clause("/b", good=False), clause("/c", dimension=FOUR[0])]

    found = {one.dimension: one for one in score(standing, NOW).dimensions}

    assert (found[Dimension.CONFORMITY].clauses, found[Dimension.CONFORMITY].failing) == (2, 1)
    assert found[Dimension.TIMELINESS].value is None


@given(standings())
def test_the_score_lies_between_its_ends(clauses: list[Standing]):
    found = score(clauses, NOW)

    if found.quality is not None:
        assert number(found.low) <= found.quality + SLACK
        assert found.quality <= number(found.high) + SLACK
    assert (found.low is None) == (found.high is None)
    for end in (found.low, found.quality, found.high):
        assert end is None or 1 - SLACK <= end <= 100


@given(standings(), st.lists(st.booleans(), min_size=12, max_size=12))
def test_whatever_the_unknown_turn_out_to_be_the_score_lies_between(
    clauses: list[Standing], truth: list[bool]
):
    known = [one if one.good is None else replace(one, judged_at=NOW) for one in clauses]
    found = score(known, NOW)

    revealed = [
        replace(one, good=good, judged_at=NOW) if one.good is None else one
        for one, good in zip(known, truth, strict=False)
    ]
    after = score(revealed, NOW).quality

    assert number(found.low) - SLACK <= number(after) <= number(found.high) + SLACK


@given(standings(), st.randoms(use_true_random=False))
def test_order_plays_no_part(clauses: list[Standing], random):
    shuffled = [*clauses]
    random.shuffle(shuffled)

    assert score(shuffled, NOW) == score(clauses, NOW)


@given(standings(), st.integers(0, 11))
def test_fixing_a_clause_never_lowers_the_score(clauses: list[Standing], place: int):
    before = score(clauses, NOW)

    fixed = [
        replace(one, good=True, judged_at=NOW) if at == place else one
        for at, one in enumerate(clauses)
    ]
    after = score(fixed, NOW)

    assert number(before.quality) <= number(after.quality) + SLACK
    assert number(before.low) <= number(after.low) + SLACK
    assert before.assurance <= after.assurance


@given(standings())
def test_lost_points_are_never_negative_and_only_of_failing_ones(clauses: list[Standing]):
    found = score(clauses, NOW)

    assert set(found.lost) == {one.key for one in clauses if one.good is False}
    assert all(points >= 0 for points in found.lost.values())


@given(standings(), st.integers(0, 40 * 24))
def test_time_alone_raises_neither_assurance_nor_the_low_end(clauses: list[Standing], hours: int):
    before = score(clauses, NOW)

    after = score(clauses, NOW + timedelta(hours=hours))

    assert after.assurance <= before.assurance
    assert number(after.low) <= number(before.low) + SLACK
    assert number(after.quality) <= number(before.quality) + SLACK


@given(standings(), st.integers(1, 60))
def test_trivial_passes_never_drown_a_critical_failure(clauses: list[Standing], many: int):
    critical = clause("/critical", Severity.CRITICAL, Dimension.ACCURACY, good=False)
    trivial = [clause(f"/t{n}", Severity.LOW, Dimension.ACCURACY) for n in range(many + 1)]

    few = score([*clauses, critical, trivial[0]], NOW)
    flood = score([*clauses, critical, *trivial], NOW)

    assert number(flood.quality) <= 49
    own_low = any(
        one.severity is Severity.LOW and one.dimension is Dimension.ACCURACY for one in clauses
    )
    assert own_low or flood.quality == few.quality
