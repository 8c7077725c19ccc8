from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from notifications.retry import ATTEMPTS, backoff

tries = st.integers(1, ATTEMPTS - 1)


def waits(key: str) -> list[timedelta]:
    found = [backoff(attempt, key) for attempt in range(1, ATTEMPTS)]
    return [wait for wait in found if wait is not None]


@given(tries, st.text())
def test_a_wait_is_stable_and_within_its_limits(attempt: int, key: str):
    wait = backoff(attempt, key)

    assert wait == backoff(attempt, key)
    assert wait is not None
    assert timedelta(seconds=45) <= wait <= timedelta(hours=7.5)


@given(st.text())
def test_all_tries_span_most_of_a_day(key: str):
    total = sum(waits(key), timedelta())

    assert timedelta(hours=14) < total < timedelta(hours=27)


@given(tries.filter(lambda attempt: attempt < 9), st.text())
def test_waits_grow(attempt: int, key: str):
    found = waits(key)

    assert found[attempt - 1] < found[attempt]


def test_after_the_last_try_it_is_a_dead_letter():
    assert backoff(ATTEMPTS, "k") is None
    assert backoff(ATTEMPTS + 5, "k") is None


def test_notices_that_failed_together_do_not_come_back_together():
    assert len({backoff(1, f"notice-{n}") for n in range(50)}) == 50
