from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.timetable import Timetable
from contracts.values import Severity
from scorecards.assurance import assurance, backing, faded_at
from scorecards.model import Standing
from tests.scorecards.standings import NOW, clause, standings

DAY = timedelta(days=1)


@pytest.mark.parametrize(("days", "k"), [(0, 1), (1, 1), (1.99, 1), (2, 0.5), (2.99, 0.5), (3, 0)])
def test_a_good_verdict_fades_by_the_instants_since(days: float, k: float):
    assert backing(clause("/a", age=days * DAY), NOW) == k


def test_a_bad_verdict_sticks():
    assert backing(clause("/a", good=False, age=400 * DAY), NOW) == 1


def test_no_verdict_backs_nothing():
    assert backing(clause("/a", good=None), NOW) == 0


def test_a_weekday_schedule_is_not_stale_on_sunday():
    friday = datetime(2026, 2, 27, 9, 1, tzinfo=UTC)
    sunday = datetime(2026, 3, 1, 23, tzinfo=UTC)
    weekdays = Timetable(cron="0 9 * * 1-5")

    standing = replace(clause("/a"), timetable=weekdays, anchor=friday, judged_at=friday)

    assert backing(standing, sunday) == 1


@pytest.mark.parametrize(("days", "k"), [(31, 1), (31.001, 0)])
def test_no_good_verdict_outlives_31_days(days: float, k: float):
    yearly = Timetable(cron="0 0 1 1 *")

    standing = replace(clause("/a", age=days * DAY), timetable=yearly, anchor=NOW)

    assert backing(standing, NOW) == k


def test_assurance_is_weighted_by_severity():
    backed = [(clause("/a", Severity.CRITICAL), 1.0), (clause("/b", Severity.MEDIUM), 0.0)]

    assert assurance(backed) == 0.8


def test_nothing_of_weight_is_backed_by_nothing():
    assert assurance([]) == 0
    assert assurance([(clause("/a", Severity.INFO), 1.0)]) == 0


def test_a_good_verdict_fell_last_at_its_latest_instant():
    assert faded_at(clause("/a", age=2.5 * DAY), NOW) == NOW - DAY / 2
    assert faded_at(clause("/a", age=DAY), NOW) is None


def test_what_is_not_good_never_faded():
    assert faded_at(clause("/a", good=False, age=9 * DAY), NOW) is None
    assert faded_at(clause("/a", good=None), NOW) is None


@given(standings(), st.integers(0, 40 * 24), st.integers(0, 40 * 24))
def test_time_alone_never_raises_assurance(clauses: list[Standing], hours: int, more: int):
    soon = NOW + timedelta(hours=hours)
    late = soon + timedelta(hours=more)

    before = assurance([(one, backing(one, soon)) for one in clauses])
    after = assurance([(one, backing(one, late)) for one in clauses])

    assert 0 <= after <= before <= 1
