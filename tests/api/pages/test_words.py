from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.words import ago, engine, leading, number, percent, plain, promise, seconds, share
from contracts.clause import Clause, Kind
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


def test_assurance_is_never_rounded_up():
    assert (percent(0.799999), percent(1.0), percent(0.29)) == ("79 %", "100 %", "29 %")


def test_lengths_of_time_have_a_unit_that_fits():
    assert (seconds(0.34), seconds(2.14)) == ("340 ms", "2.1 s")


def test_words_of_ours_are_shown_plain():
    assert plain(Kind.NULL_VALUES) == plain("null_values") == "null values"
    assert engine(EngineName.GREAT_EXPECTATIONS) == "Great Expectations"
    assert engine(None) == ""


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ({"kind": Kind.ENUM, "column": "a", "threshold": "one of x"}, "a is one of x"),
        ({"kind": Kind.ROW_COUNT, "threshold": "more than 0 rows"}, "t has more than 0 rows"),
        ({"kind": Kind.SQL, "threshold": "exactly 0"}, "the query gives exactly 0"),
        (
            {"kind": Kind.LATENCY, "schema": None, "threshold": "1 d"},
            "the product, latency: 1 d",
        ),
        ({"kind": Kind.CUSTOM, "column": "a"}, "a, custom"),
        ({"kind": Kind.ENUM, "column": "{x}", "threshold": "{0}"}, "{x} is {0}"),
    ],
)
def test_a_promise_reads_as_a_sentence(clause, words: str):
    assert promise(Clause(**{"key": "/k", "pointer": "", "schema": "t", **clause})) == words


@pytest.mark.parametrize(
    ("quality", "assurance", "figure"), [(90.0, 0.8, 90.0), (90.0, 0.79, 40.0), (None, 1.0, None)]
)
def test_a_card_leads_with_what_is_backed(quality, assurance: float, figure):
    assert leading(replace(EMPTY, quality=quality, low=40.0, assurance=assurance)) == figure
