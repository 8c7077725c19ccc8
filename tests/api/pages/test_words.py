from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.words import (
    ago,
    engine,
    leading,
    moved,
    number,
    plain,
    schedule,
    seconds,
    share,
)
from contracts.clause import Kind
from contracts.timetable import Timetable
from contracts.values import EngineName
from scorecards.model import Score
from tests.cast import NOON

EMPTY = Score(
    quality=None,
    low=None,
    high=None,
    uncapped=None,
    cap="",
    assurance=0.0,
    dimensions=(),
    clauses=0,
    failing=0,
    lost={},
)


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        ({}, "just now"),
        ({"seconds": 9}, "just now"),
        ({"seconds": 59}, "59 s ago"),
        ({"minutes": 14}, "14 min ago"),
        ({"hours": 47}, "47 h ago"),
        ({"days": 2}, "2 days ago"),
        ({"days": 400}, "13 months ago"),
        ({"hours": -3}, "in 3 h"),
    ],
)
def test_a_distance_in_time_is_told_in_one_unit(passed, words: str):
    assert ago(NOON - timedelta(**passed), NOON) == words


@given(st.integers(1, 10**9), st.data())
def test_a_share_is_nothing_or_all_only_where_it_is_exact(whole: int, data):
    part = data.draw(st.integers(0, whole))

    told = share(part, whole)

    assert (told == "0 %") == (part == 0)
    assert (told == "100 %") == (part == whole)
    assert told != "0.00 %"


@pytest.mark.parametrize(
    ("value", "words"),
    [(1284913, "1 284 913"), (0.5, "0.5"), (1234.0, "1 234"), (-3, "-3")],
)
def test_numbers_have_their_thousands_parted(value: float, words: str):
    assert number(value).replace("\N{NARROW NO-BREAK SPACE}", " ") == words


def test_lengths_of_time_have_a_unit_that_fits():
    assert (seconds(0.34), seconds(2.14)) == ("340 ms", "2.1 s")


def test_words_of_ours_are_shown_plain():
    assert plain(Kind.NULL_VALUES) == plain("null_values") == "null values"
    assert engine(EngineName.GREAT_EXPECTATIONS) == "Great Expectations"
    assert engine(None) == ""


@pytest.mark.parametrize(
    ("timetable", "words"),
    [
        (Timetable(every=timedelta(seconds=10)), "every 10 seconds"),
        (Timetable(every=timedelta(days=1)), "every day"),
        (Timetable(every=timedelta(minutes=90)), "every 90 minutes"),
        (Timetable(cron="*/5 * * * *"), "every 5 min"),
        (Timetable(cron="0 6 * * *", timezone="Europe/Berlin"), "daily at 06:00 (Europe/Berlin)"),
        (Timetable(cron="30 7 * * 1-5"), "on weekdays at 07:30"),
        (Timetable(cron="0 6 1 * *"), "cron 0 6 1 * *"),
    ],
)
def test_a_timetable_is_told_in_words(timetable: Timetable, words: str):
    assert schedule(timetable) == words


def test_how_far_a_score_moved_has_a_sign():
    assert (moved(1.89), moved(-3.0), moved(0.07)) == ("+1.8", "-3", "±0")


@pytest.mark.parametrize(
    ("quality", "assurance", "figure"), [(90.0, 0.8, 90.0), (90.0, 0.79, 40.0), (None, 1.0, None)]
)
def test_a_card_leads_with_what_is_backed(quality, assurance: float, figure):
    assert leading(replace(EMPTY, quality=quality, low=40.0, assurance=assurance)) == figure
