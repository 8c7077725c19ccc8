from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from contracts.timetable import Timetable
from contracts.values import Severity
from scorecards.assurance import ENOUGH, proven_until
from scorecards.mark import mark
from scorecards.model import Standing
from scorecards.score import score
from tests.scorecards.standings import DAILY, NOW, clause, standings

HOURS = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


@given(standings(), st.integers(0, 60 * 24), st.timedeltas(timedelta(0), timedelta(hours=2)))
def test_a_product_is_proven_exactly_until_its_mark_says(
    found: list[Standing], hours: int, more: timedelta
):
    until = proven_until(found, NOW)

    later = NOW + hours * HOURS + more
    proven = score(found, later).assurance >= ENOUGH
    assert proven == (until is None or later < until)


@given(standings())
def test_a_product_is_proven_just_before_its_mark_ends_and_not_at_its_end(found: list[Standing]):
    until = proven_until(found, NOW)

    if until is not None and until > NOW:
        assert score(found, until - INSTANT).assurance >= ENOUGH
        assert score(found, until).assurance < ENOUGH


def test_failures_stick_so_what_rests_on_them_stays_proven():
    assert proven_until([clause("/a", good=False)], NOW) is None


def test_a_daily_pass_is_proven_until_the_second_instant_behind_it():
    judged = Standing(
        key="/a",
        severity=Severity.HIGH,
        dimension=clause("/a").dimension,
        good=True,
        judged_at=NOW,
        timetable=DAILY,
        anchor=NOW - 5 * HOURS,
    )

    assert proven_until([judged], NOW) == NOW + 43 * HOURS


def test_nothing_is_proven_for_longer_than_31_days():
    yearly = Timetable(cron="0 0 1 1 *")
    judged = Standing(
        key="/a",
        severity=Severity.HIGH,
        dimension=clause("/a").dimension,
        good=True,
        judged_at=NOW,
        timetable=yearly,
        anchor=NOW,
    )

    assert proven_until([judged], NOW) == NOW + timedelta(days=31) + INSTANT


def test_a_mark_counts_failures_that_block_and_leaves_dropped_clauses_out():
    found = [
        clause("/a", Severity.CRITICAL, good=False),
        clause("/b", Severity.LOW, good=False),
        clause("/c"),
        clause("/d", good=False, dropped=timedelta(days=1)),
    ]

    made = mark(found, NOW)

    assert (made.blocking, made.score.failing) == (1, 2)
    assert made.score == score(found, NOW)
