from dataclasses import replace

import pytest

from contracts.values import Severity
from scorecards.score import score
from scorecards.words import capped, counted, floored, lost, moved, percent, points
from tests.scorecards.standings import NOW, clause


def test_one_is_not_many():
    assert [counted(n, "clause") for n in (0, 1, 2, 1200)] == [
        "0 clauses",
        "1 clause",
        "2 clauses",
        "1,200 clauses",
    ]


@pytest.mark.parametrize(
    ("value", "words"), [(100.0, "100"), (89.96, "89.9"), (56.2, "56.2"), (1.0, "1"), (0.3, "0.3")]
)
def test_points_are_never_rounded_up(value: float, words: str):
    assert points(value) == words


@pytest.mark.parametrize(
    ("value", "words"), [(44.39, "44.3"), (0.1, "0.1"), (0.0999, ""), (0.0, ""), (8.0, "8")]
)
def test_lost_points_are_never_rounded_up_and_less_than_a_decimal_is_none(value: float, words: str):
    assert lost(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(1.84, "+1.8"), (-8.27, "-8.2"), (-3.0, "-3"), (0.07, ""), (-0.07, ""), (None, "")],
)
def test_moved_points_have_a_sign_and_are_never_rounded_up(value: float | None, words: str):
    assert moved(value) == words


def test_a_share_is_never_rounded_up_to_all_of_it():
    assert [percent(share) for share in (0.0, 0.29, 0.799999, 0.999, 1.0)] == [
        "0 %", "29 %", "79 %", "99 %", "100 %",
    ]  # fmt: skip


def test_a_capped_score_says_what_it_would_be():
    passing = [clause(f"/{n}", Severity.CRITICAL) for n in range(9)]
    found = score([clause("/c", Severity.CRITICAL, good=False), *passing], NOW)

    assert capped(found) == "capped, would be 90"
    assert capped(replace(found, cap="")) == ""
    assert capped(replace(found, uncapped=None)) == ""


def test_what_is_just_below_is_not_rounded_up():
    assert (floored(0.7996, 3), floored(99.96, 1), floored(0.3, 3)) == (0.799, 99.9, 0.3)
