from datetime import UTC, datetime, timedelta, timezone

import pytest

from cli.times import ago, every, instant, lasting


def test_an_instant_is_shown_in_utc():
    at = datetime(2026, 11, 20, 10, 41, 5, 999, timezone(timedelta(hours=1)))

    assert instant(at) == "2026-11-20 09:41:05 UTC"
    assert instant(at.astimezone(UTC)) == instant(at)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "5 s"), (0.5, "0.5 s"), (60, "1 min"), (90, "90 s"), (7200, "2 h"), (172800, "2 d")],
)
def test_an_interval_is_shown_in_its_largest_whole_unit(seconds, words):
    assert every(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-1, "0.0 s"), (3.24, "3.2 s"), (9.99, "10.0 s"), (47.9, "47 s"), (125, "2 min 5 s")],
)
def test_what_goes_on_is_told_in_ever_coarser_steps(seconds, words):
    assert lasting(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "now"), (59, "now"), (60, "1 min"), (3599, "59 min"), (7200, "2 h"), (200_000, "2 d")],
)
def test_how_long_ago_it_was_is_told_in_the_largest_unit(seconds, words):
    now = datetime(2026, 11, 20, 9, 41, tzinfo=UTC)

    assert ago(now - timedelta(seconds=seconds), now) == words
