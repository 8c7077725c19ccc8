from datetime import timedelta

from api.pages.past import figures, shift
from tests.api.charts.test_trend import days, snapshot
from tests.cast import NOON


def test_a_score_is_held_against_that_of_thirty_days_ago():
    history = [snapshot(timedelta(days=ago), value) for ago, value in ((50, 60), (31, 80), (2, 90))]

    found = shift(history, 92.5, NOON)

    assert found is not None
    assert (found.points, found.since) == (12.5, NOON - timedelta(days=30))


def test_a_young_product_is_held_against_its_first_score():
    found = shift(days(90.0, None, 95.0), 95.0, NOON)

    assert found is not None
    assert (found.points, found.since) == (5.0, NOON - timedelta(days=3))


def test_nothing_is_said_to_have_moved_where_nothing_is_known():
    assert shift([], 90.0, NOON) is None
    assert shift(days(90.0), 90.0, NOON) is None
    assert shift(days(90.0, 80.0), None, NOON) is None
    assert shift(days(None, None), 90.0, NOON) is None


def test_a_change_too_small_to_show_is_none():
    found = shift(days(90.0, 90.02), 90.02, NOON)

    assert found is not None
    assert found.points == 0


def test_only_scores_that_differ_are_listed_newest_first():
    found = figures(days(100.0, 100.0, 90.0, None, 90.0), 30)

    assert [one.snapshot.quality for one in found] == [90.0, None, 90.0, 100.0]
    assert [one.moved for one in found] == [None, None, -10.0, None]


def test_no_more_figures_are_listed_than_asked_for():
    assert [one.snapshot.quality for one in figures(days(1.0, 2.0, 3.0), 2)] == [3.0, 2.0]
