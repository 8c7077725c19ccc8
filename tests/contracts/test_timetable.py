from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.timetable import check_missed, check_timezone, read_schedule
from tests.contracts.documents import QUICK


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("every 5s", timedelta(seconds=5)),
        ("every 10min", timedelta(minutes=10)),
        ("Every 1 h", timedelta(hours=1)),
        ("every 366d", timedelta(days=366)),
    ],
)
def test_intervals(words, length):
    assert read_schedule(words) == (None, length)


@pytest.mark.parametrize(
    "words", ["*/5 * * * *", "0 6 * * MON-FRI", " 0 0 L * * ", "0 0 29 2 *", "0 0 31 2 1"]
)
def test_cron_lines(words):
    assert read_schedule(words) == (words.strip(), None)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("", "neither five cron fields"),
        ("hourly", "neither five cron fields"),
        ("@daily", "neither five cron fields"),
        ("* * * * * *", "neither five cron fields"),
        ("* * * * ü", "neither five cron fields"),
        ("61 * * * *", "is not a cron line: Bad minute"),
        ("0 0 31 2 *", "is not a cron line: Bad day-of-month"),
        ("0 0 * 4 1#6", "is not a cron line"),
        ("L/2 * * * *", "is not a cron line"),
        ("every 0s", "at least 1 second"),
        ("every 400d", "at most 366 days"),
        ("every 5m", "is not an interval"),
        ("every", "is not an interval"),
        ("every 99999999999s", "is not an interval"),
    ],
)
def test_impossible_schedules_say_why(words, reason):
    with pytest.raises(ValueError, match=reason):
        read_schedule(words)


def test_a_day_that_never_comes_is_refused():
    with pytest.raises(ValueError, match="never comes"):
        read_schedule("0 0 */31 2 1#5")


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia"])
def test_known_zones(name):
    check_timezone(name)


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "Europe", "x\0y", "a" * 5000]
)
def test_unknown_zones_are_refused(name):
    with pytest.raises(ValueError, match="is not a time zone"):
        check_timezone(name)


@pytest.mark.parametrize("word", ["skip", "run_once", "catch_up:3"])
def test_words_for_missed_instants(word):
    check_missed(word)


@pytest.mark.parametrize("word", ["", "catch_up", "catch_up:0", "catch_up:99999"])
def test_other_words_for_missed_instants_are_refused(word):
    with pytest.raises(ValueError, match="is not one of"):
        check_missed(word)


@given(words=st.lists(st.text(alphabet="0123459*/,-#LWAJN", max_size=6), min_size=5, max_size=5))
@QUICK
def test_any_five_fields_are_read_or_refused(words):
    try:
        cron, _ = read_schedule(" ".join(words))
    except ValueError as error:
        assert str(error)
    else:
        assert cron is not None
