"""Both edges of summer time in three zones, and whatever looks a schedule is given there."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.timetable import Timetable
from runs import cron
from runs.agenda import look
from runs.errors import InvalidTimetable
from runs.model import Schedule
from runs.schedule import due, next_instant

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Zone: where its clock goes forward, where it goes back, and by how much.
EDGES = {
    "Europe/Berlin": ("2026-03-29T01:00Z", "2026-10-25T01:00Z", HOUR),
    "America/New_York": ("2026-03-08T07:00Z", "2026-11-01T06:00Z", HOUR),
    "Australia/Lord_Howe": ("2026-10-03T15:30Z", "2026-04-04T15:00Z", HOUR / 2),
}
CASES = [
    (zone, datetime.fromisoformat(edge)) for zone, found in EDGES.items() for edge in found[:2]
]
POLICIES = ("skip", "run_once", "catch_up:3")


def instants(timetable: Timetable, start: datetime, end: datetime) -> list[datetime]:
    return list(takewhile(lambda at: at <= end, cron.coming(timetable, after=start)))


def shown(zone: str, instant: datetime) -> str:
    return instant.astimezone(ZoneInfo(zone)).strftime("%H:%M")


@pytest.mark.parametrize(("zone", "edge"), CASES)
def test_the_clock_does_change_there(zone: str, edge: datetime):
    before = (edge - MINUTE).astimezone(ZoneInfo(zone)).utcoffset()
    after = edge.astimezone(ZoneInfo(zone)).utcoffset()

    assert before is not None
    assert after is not None
    assert abs(after - before) == EDGES[zone][2]


@pytest.mark.parametrize("minute", range(0, 60, 5))
@pytest.mark.parametrize("hour", [0, 1, 2, 3])
@pytest.mark.parametrize(("zone", "edge"), CASES)
def test_a_line_with_one_time_fires_once_on_each_day(
    zone: str, edge: datetime, hour: int, minute: int
):
    timetable = Timetable(cron=f"{minute} {hour} * * *", timezone=zone)

    found = instants(timetable, edge - 3 * DAY, edge + 3 * DAY)

    days = [at.astimezone(ZoneInfo(zone)).date() for at in found]
    assert days == sorted(set(days))
    assert all(after - before == DAY for before, after in pairwise(days))
    times = {shown(zone, at) for at in found}
    assert f"{hour:02}:{minute:02}" in times
    assert len(times) <= 2  # behind a gap it is another


@pytest.mark.parametrize(("zone", "edge"), CASES)
@pytest.mark.parametrize("step", [5, 15, 30])
def test_a_line_that_follows_elapsed_time_keeps_its_step(zone: str, edge: datetime, step: int):
    timetable = Timetable(cron=f"*/{step} * * * *", timezone=zone)

    found = instants(timetable, edge - 6 * HOUR, edge + 6 * HOUR)

    gaps = {after - before for before, after in pairwise(found)}
    assert gaps == {step * MINUTE}


@pytest.mark.parametrize(("zone", "edge"), CASES)
def test_an_interval_is_elapsed_time_and_knows_no_zone(zone: str, edge: datetime):
    timetable, anchor = Timetable(every=20 * MINUTE, timezone=zone), edge - DAY

    moment, found = edge - 2 * HOUR, []
    while moment < edge + 2 * HOUR:
        moment = next_instant(timetable, after=moment, anchor=anchor)
        found.append(moment)

    assert {after - before for before, after in pairwise(found)} == {20 * MINUTE}


def minutes_and_hours() -> st.SearchStrategy[str]:
    field = st.one_of(
        st.integers(0, 59).map(str), st.sampled_from(("*", "*/10", "0,30", "15-45/15"))
    )
    hours = st.one_of(
        st.integers(0, 23).map(str), st.sampled_from(("*", "*/2", "1-3", "0,2,4", "2"))
    )
    rest = st.sampled_from(("* * *", "* * 0", "* * 0,6", "1-15 * *", "* 3,4,10,11 *"))
    return st.tuples(field, hours, rest).map(" ".join)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Timetable, datetime]:
    zone, edge = draw(st.sampled_from(CASES))
    missed = draw(st.sampled_from(POLICIES))
    by_line = draw(st.booleans())
    timetable = Timetable(
        cron=draw(minutes_and_hours()) if by_line else None,
        every=None if by_line else timedelta(seconds=draw(st.integers(60, 20_000))),
        timezone=zone,
        missed=missed,
        jitter=0,
    )
    return timetable, edge + timedelta(minutes=draw(st.integers(-600, 600)))


def everything(timetable: Timetable, anchor: datetime, start: datetime, end: datetime):
    found, moment = [], start
    while (moment := next_instant(timetable, after=moment, anchor=anchor)) <= end:
        found.append(moment)
    return found


@given(cases(), st.lists(st.integers(-3_600, 30_000), min_size=1, max_size=25))
def test_over_any_looks_each_instant_is_fired_once_or_missed(
    case: tuple[Timetable, datetime], waits: list[int]
):
    """Waits may be negative: a clock that is put back."""
    timetable, start = case
    instant = next_instant(timetable, after=start, anchor=start)
    now = latest = start
    fired: list[datetime] = []
    missed = 0

    for wait in waits:
        now += timedelta(seconds=wait)
        latest = max(now, latest)
        answer = due(timetable, instant=instant, anchor=start, now=now)
        fired += answer.fire
        missed += answer.missed
        instant = answer.next

    there = everything(timetable, start, start, latest)
    assert len(fired) == len(set(fired))
    assert set(fired) <= set(there)
    assert len(fired) + missed == len(there)


@given(cases(), st.lists(st.integers(1, 30_000), min_size=1, max_size=15))
def test_each_look_fires_what_the_policy_says(case: tuple[Timetable, datetime], waits: list[int]):
    timetable, start = case
    most = 3 if timetable.missed == "catch_up:3" else 1
    instant, now = next_instant(timetable, after=start, anchor=start), start

    for wait in waits:
        before, now = now, now + timedelta(seconds=wait)
        passed = everything(timetable, start, before, now)
        answer = due(timetable, instant=instant, anchor=start, now=now)
        instant = answer.next

        stale = timetable.missed == "skip" and passed and now - passed[-1] > MINUTE
        assert list(answer.fire) == ([] if stale else passed[-most:])
        lost = passed[: len(passed) - len(answer.fire)]
        ends = (lost[0], lost[-1]) if lost else (None, None)
        assert (answer.missed_since, answer.missed_until) == ends


@pytest.mark.parametrize("missed", POLICIES)
def test_a_clock_put_back_fires_nothing_again_and_one_put_forward_misses_by_policy(missed: str):
    timetable = Timetable(cron="*/30 * * * *", missed=missed, jitter=0)
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    schedule = Schedule(
        id=1, contract_id="c", version="1", timetable=timetable, anchor=noon, instant=noon,
        due_at=noon,
    )  # fmt: skip
    fired: list[datetime] = []
    counts = []

    for now in (noon, noon - HOUR, noon - MINUTE, noon + HOUR / 2, noon + DAY + HOUR / 4):
        seen = look(schedule, now=now)
        fired += [firing.instant for firing in seen.fire]
        counts.append(seen.missed)
        schedule = Schedule(
            id=1, contract_id="c", version="1", timetable=timetable, anchor=noon,
            instant=seen.instant, due_at=seen.due_at,
        )  # fmt: skip

    assert len(fired) == len(set(fired))
    assert fired[:2] == [noon, noon + HOUR / 2]
    assert len(fired) - 2 == {"skip": 0, "run_once": 1, "catch_up:3": 3}[missed]
    assert counts[:4] == [0, 0, 0, 0]
    assert counts[4] + len(fired) - 2 == 47


def test_a_schedule_without_any_timetable_is_refused():
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    schedule = Schedule(
        id=1, contract_id="c", version="1", timetable=Timetable(), anchor=noon, instant=noon,
        due_at=noon,
    )  # fmt: skip

    with pytest.raises(InvalidTimetable, match="names no instant"):
        look(schedule, now=noon)
