from datetime import UTC, datetime, timedelta, timezone

import pytest

from cli.times import every, instant


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
