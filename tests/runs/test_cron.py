from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.timetable import Timetable
from runs import cron
from runs.errors import InvalidTimetable

BERLIN = "Europe/Berlin"
GAP = datetime(2026, 3, 29, 1, tzinfo=UTC)  # 02:00 in Berlin becomes 03:00
OVERLAP = datetime(2026, 10, 25, 1, tzinfo=UTC)  # 03:00 in Berlin becomes 02:00
EDGES = {
    BERLIN: (GAP, OVERLAP),
    "America/New_York": (
        datetime(2026, 3, 8, 7, tzinfo=UTC),
        datetime(2026, 11, 1, 6, tzinfo=UTC),
    ),
    "America/Sao_Paulo": (datetime(2018, 11, 4, 3, tzinfo=UTC),),
    "Africa/Casablanca": (datetime(2024, 3, 10, 2, tzinfo=UTC),),
    "Asia/Kathmandu": (datetime(2026, 6, 1, tzinfo=UTC),),
    "UTC": (datetime(2026, 1, 1, tzinfo=UTC),),
}
LINES = (
    "30 2 * * *",
    "0 * * * *",
    "*/15 * * * *",
    "0,30 2-3 * * *",
    "0 0 * * *",
    "15 */2 * * *",
    "45 1 * * 0",
    "59 23 * * 1-5",
)


@st.composite
def near_an_edge(draw: st.DrawFn) -> tuple[Timetable, datetime]:
    zone = draw(st.sampled_from(sorted(EDGES)))
    edge = draw(st.sampled_from(EDGES[zone]))
    shift = timedelta(seconds=draw(st.integers(-400 * 60, 400 * 60)))
    return Timetable(cron=draw(st.sampled_from(LINES)), timezone=zone), edge + shift


def first(timetable: Timetable, after: datetime) -> datetime:
    return next(cron.coming(timetable, after=after))


def test_a_line_is_read_in_its_own_zone():
    timetable = Timetable(cron="0 6 * * *", timezone="Asia/Tokyo")

    instant = first(timetable, datetime(2026, 1, 1, tzinfo=UTC))

    assert instant == datetime(2026, 1, 1, 21, tzinfo=UTC)


def test_an_hour_that_is_left_out_fires_behind_the_gap():
    timetable = Timetable(cron="30 2 * * *", timezone=BERLIN)

    instants = list(islice(cron.coming(timetable, after=GAP - timedelta(hours=3)), 2))

    assert instants == [GAP, datetime(2026, 3, 30, 0, 30, tzinfo=UTC)]


def test_an_hour_that_comes_twice_fires_the_first_time():
    timetable = Timetable(cron="30 2 * * *", timezone=BERLIN)

    instants = list(islice(cron.coming(timetable, after=OVERLAP - timedelta(hours=3)), 2))

    assert instants == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
    ]


def test_looking_from_within_the_second_hour_never_goes_back():
    timetable = Timetable(cron="45 2 * * *", timezone=BERLIN)

    instant = first(timetable, OVERLAP + timedelta(minutes=30))

    assert instant == datetime(2026, 10, 26, 1, 45, tzinfo=UTC)


def test_an_hourly_line_follows_elapsed_time_through_both_edges():
    timetable = Timetable(cron="0 * * * *", timezone=BERLIN)

    for edge in (GAP, OVERLAP):
        instants = list(islice(cron.coming(timetable, after=edge - timedelta(hours=2)), 4))
        assert [after - before for before, after in pairwise(instants)] == [timedelta(hours=1)] * 3


@given(near_an_edge(), st.integers(0, 300))
def test_the_next_instant_does_not_depend_on_where_one_looks_from(
    case: tuple[Timetable, datetime], minutes: int
):
    timetable, after = case
    later = after + timedelta(minutes=minutes)

    soon, late = first(timetable, after), first(timetable, later)

    assert soon > after
    assert late == soon if soon > later else late >= soon


@given(near_an_edge(), st.integers(1, 40))
def test_the_latest_are_the_last_of_all(case: tuple[Timetable, datetime], most: int):
    timetable, until = case
    after = until - timedelta(days=2)

    found = cron.latest(timetable, until=until, most=most, after=after)

    everything = [i for i in islice(cron.coming(timetable, after=after), 250) if i <= until]
    assert list(found) == everything[-most:]


def test_the_latest_of_a_rare_line_is_found_years_back():
    timetable = Timetable(cron="0 0 29 2 *")

    found = cron.latest(
        timetable,
        after=datetime(1990, 1, 1, tzinfo=UTC),
        until=datetime(2027, 6, 1, tzinfo=UTC),
        most=1,
    )

    assert found == (datetime(2024, 2, 29, tzinfo=UTC),)


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("61 * * * *", "UTC"),
        ("* * *", "UTC"),
        ("", "UTC"),
        ("0 0 30 2 *", "UTC"),
        ("0 0 */31 * MON#5", "UTC"),
        ("0 0 * * *", "Mars/Olympus"),
        ("0 0 * * *", "../etc/passwd"),
        ("0 0 * * *", "America"),
    ],
)
def test_what_names_no_instant_is_refused(line: str, zone: str):
    timetable = Timetable(cron=line, timezone=zone)

    with pytest.raises(InvalidTimetable):
        first(timetable, GAP)
