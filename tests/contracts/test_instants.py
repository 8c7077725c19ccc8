from datetime import datetime, timedelta, timezone

from contracts.instants import instant


def test_an_instant_is_told_in_utc():
    at = datetime(2026, 11, 20, 10, 41, tzinfo=timezone(timedelta(hours=1)))

    assert instant(at) == "2026-11-20T09:41:00Z"
