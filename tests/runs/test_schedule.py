from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.timetable import Timetable
from runs.errors import InvalidTimetable
from runs.schedule import (
    MOST_COUNTED,
    due,
    instants_between,
    interval_of,
    jitter,
    next_instant,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOURLY = Timetable(every=HOUR)
DAILY = Timetable(cron="0 12 * * *")
POLICIES = ("skip", "run_once", "catch_up:1", "catch_up:5")

timetables = st.builds(
    Timetable,
    every=st.integers(1, 100_000).map(lambda seconds: timedelta(seconds=seconds)),
    missed=st.sampled_from(POLICIES),
) | st.builds(
    Timetable,
    cron=st.sampled_from(("*/5 * * * *", "0 * * * *", "30 2 * * *", "0 9 * * 1-5")),
    timezone=st.sampled_from(("UTC", "Europe/Berlin", "America/New_York")),
    missed=st.sampled_from(POLICIES),
)
moments = st.integers(0, 400 * 86_400).map(lambda seconds: NOON + timedelta(seconds=seconds))


def test_an_interval_ticks_from_its_anchor():
    assert next_instant(HOURLY, after=NOON, anchor=NOON) == NOON + HOUR
    assert next_instant(HOURLY, after=NOON + HOUR * 2.5, anchor=NOON) == NOON + 3 * HOUR


def test_an_interval_does_not_begin_before_its_anchor():
    assert next_instant(HOURLY, after=NOON - 5 * HOUR, anchor=NOON) == NOON


@given(timetables, moments, moments)
def test_the_next_instant_is_after_and_nothing_lies_between(
    timetable: Timetable, anchor: datetime, after: datetime
):
    found = next_instant(timetable, after=after, anchor=anchor)

    count = instants_between(timetable, anchor=anchor, start=after, end=found, at_most=5)
    assert found > after
    assert count == 1


def test_counting_stops_where_it_is_told_to_even_over_years():
    for timetable in (Timetable(every=timedelta(seconds=1)), Timetable(cron="* * * * *")):
        count = instants_between(
            timetable, anchor=NOON, start=NOON, end=NOON + timedelta(days=3650), at_most=3
        )
        assert count == 3


def test_both_ends_are_looked_at_as_half_open():
    count = instants_between(DAILY, anchor=NOON, start=NOON, end=NOON + 48 * HOUR, at_most=9)

    assert count == 2


def test_nothing_lies_between_a_moment_and_an_earlier_one():
    assert instants_between(HOURLY, anchor=NOON, start=NOON, end=NOON - HOUR, at_most=9) == 0


def test_nothing_lies_before_the_anchor():
    early = instants_between(
        HOURLY, anchor=NOON, start=NOON - 9 * HOUR, end=NOON + HOUR, at_most=99
    )

    assert early == 2


def test_the_data_interval_reaches_back_to_the_instant_before():
    friday = Timetable(cron="0 9 * * 1-5")
    monday = datetime(2026, 1, 5, 9, tzinfo=UTC)

    interval = interval_of(friday, instant=monday, anchor=NOON)

    assert (interval.start, interval.end) == (datetime(2026, 1, 2, 9, tzinfo=UTC), monday)


def test_the_first_interval_of_an_anchor_is_as_long_as_the_others():
    interval = interval_of(HOURLY, instant=NOON, anchor=NOON)

    assert interval.start == NOON - HOUR


@given(timetables, moments, moments)
def test_intervals_leave_no_gap(timetable: Timetable, anchor: datetime, after: datetime):
    first = next_instant(timetable, after=max(after, anchor), anchor=anchor)
    second = next_instant(timetable, after=first, anchor=anchor)

    assert interval_of(timetable, instant=second, anchor=anchor).start == first


@given(timetables, st.text(), st.none() | st.integers(0, 3600))
def test_jitter_is_stable_and_within_its_limits(timetable: Timetable, key: str, widest: int | None):
    told = Timetable(cron=timetable.cron, every=timetable.every, jitter=widest)

    found = jitter(told, key)

    assert found == jitter(told, key)
    assert timedelta(0) <= found <= timedelta(seconds=60 if widest is None else widest)
    assert timetable.every is None or found <= timetable.every / 10


def test_jitter_spreads_schedules():
    found = {jitter(DAILY, f"contract-{number}").seconds for number in range(200)}

    assert len(found) > 50


def test_nothing_fires_before_its_time():
    answer = due(HOURLY, instant=NOON, anchor=NOON, now=NOON - timedelta(seconds=1))

    assert (answer.fire, answer.missed, answer.next) == ((), 0, NOON)


def test_an_instant_on_time_fires_and_the_next_is_set():
    answer = due(HOURLY, instant=NOON, anchor=NOON, now=NOON + timedelta(seconds=2))

    assert (answer.fire, answer.missed, answer.next) == ((NOON,), 0, NOON + HOUR)
    assert answer.missed_since is None


@pytest.mark.parametrize(
    ("missed", "fired", "lost"),
    [
        ("skip", [], 4),
        ("run_once", [3], 3),
        ("catch_up:2", [2, 3], 2),
        ("catch_up:9", [0, 1, 2, 3], 0),
    ],
)
def test_what_happens_after_sleep_is_the_policy_s_choice(missed: str, fired: list[int], lost: int):
    timetable = Timetable(every=HOUR, missed=missed)

    answer = due(timetable, instant=NOON, anchor=NOON, now=NOON + 3.5 * HOUR)

    assert answer.fire == tuple(NOON + place * HOUR for place in fired)
    assert answer.missed == lost
    assert answer.missed_since == (NOON if lost else None)
    assert answer.next == NOON + 4 * HOUR


def test_skipping_still_fires_what_is_fresh():
    timetable = Timetable(every=HOUR, missed="skip")

    answer = due(timetable, instant=NOON, anchor=NOON, now=NOON + 3 * HOUR + timedelta(seconds=30))

    assert answer.fire == (NOON + 3 * HOUR,)
    assert answer.missed == 3


def test_an_instant_waits_for_its_jitter():
    delay = timedelta(minutes=2)

    early = due(HOURLY, instant=NOON, anchor=NOON, now=NOON + delay / 2, delay=delay)
    on_time = due(HOURLY, instant=NOON, anchor=NOON, now=NOON + delay, delay=delay)

    assert early.fire == ()
    assert on_time.fire == (NOON,)


@pytest.mark.parametrize("missed", POLICIES)
@pytest.mark.parametrize(
    "timetable", [Timetable(every=timedelta(seconds=5)), Timetable(cron="* * * * *")]
)
def test_years_of_sleep_cost_no_more_than_the_count(timetable: Timetable, missed: str):
    told = Timetable(cron=timetable.cron, every=timetable.every, missed=missed)

    answer = due(told, instant=NOON, anchor=NOON, now=NOON + timedelta(days=3650))

    assert len(answer.fire) <= 5
    assert MOST_COUNTED - 5 <= answer.missed <= MOST_COUNTED


def test_a_stored_instant_that_the_timetable_no_longer_names_fires_once():
    stray = NOON + timedelta(minutes=7)

    answer = due(HOURLY, instant=stray, anchor=NOON, now=NOON + timedelta(minutes=8))

    assert (answer.fire, answer.next) == ((stray,), NOON + HOUR)


@given(timetables, st.lists(st.integers(0, 200_000), max_size=20), st.integers(0, 60))
def test_no_instant_fires_twice_over_any_looks(timetable: Timetable, waits: list[int], delay: int):
    late = timedelta(seconds=delay)
    instant = next_instant(timetable, after=NOON, anchor=NOON)
    now = NOON
    fired: list[datetime] = []

    for wait in waits:
        now += timedelta(seconds=wait)
        answer = due(timetable, instant=instant, anchor=NOON, now=now, delay=late)
        fired += answer.fire
        assert answer.next + late > now
        assert answer.missed >= 0
        instant = answer.next

    assert fired == sorted(set(fired))
    assert all(instant <= now - late for instant in fired)


@pytest.mark.parametrize(
    "missed", ["", "always", "catch_up", "catch_up:0", "catch_up:x", "catch_up:1000"]
)
def test_an_unknown_policy_is_refused_with_the_known_ones(missed: str):
    with pytest.raises(InvalidTimetable, match="run_once"):
        due(Timetable(every=HOUR, missed=missed), instant=NOON, anchor=NOON, now=NOON)


@pytest.mark.parametrize("every", [None, timedelta(0), timedelta(milliseconds=999)])
def test_an_interval_below_a_second_is_refused(every: timedelta | None):
    with pytest.raises(InvalidTimetable, match="1 s") as caught:
        next_instant(Timetable(every=every), after=NOON, anchor=NOON)

    assert caught.value.timetable.every == every
