from dataclasses import replace

import pytest

from contracts.values import Severity
from scorecards.score import score
from scorecards.words import capped, counted, points
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


def test_a_capped_score_says_what_it_would_be():
    passing = [clause(f"/{n}", Severity.CRITICAL) for n in range(9)]
    found = score([clause("/c", Severity.CRITICAL, good=False), *passing], NOW)

    assert capped(found) == "capped, would be 90"
    assert capped(replace(found, cap="")) == ""
    assert capped(replace(found, uncapped=None)) == ""
