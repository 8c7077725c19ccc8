from datetime import UTC, datetime, timedelta

from tools.chaos.instants import Fired, Missed, unexplained

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
GRID = [START + tick * timedelta(seconds=5) for tick in range(1, 7)]


def fired(instant: datetime, *, taken: datetime | None = None) -> Fired:
    return Fired(instant=instant, started=taken or instant)


def missed(number: int) -> Missed:
    return Missed(first=GRID[1], last=GRID[4], number=number)


def test_an_instant_without_a_run_or_a_record_is_found():
    runs = [fired(instant) for instant in GRID if instant != GRID[2]]

    assert unexplained(GRID, runs, []) == [GRID[2]]


def test_what_is_recorded_as_missed_is_explained_up_to_the_recorded_number():
    runs = [fired(GRID[0]), fired(GRID[5])]

    assert unexplained(GRID, runs, [missed(4)]) == []
    assert unexplained(GRID, runs, [missed(3)]) == [GRID[4]]


def test_an_older_run_that_waits_takes_later_instants_in():
    runs = [fired(GRID[0], taken=GRID[3]), fired(GRID[4]), fired(GRID[5])]

    assert unexplained(GRID, runs, []) == []


def test_a_run_that_was_taken_before_the_instant_explains_nothing():
    runs = [fired(GRID[0], taken=GRID[1]), *(fired(instant) for instant in GRID[3:])]

    assert unexplained(GRID, runs, []) == [GRID[2]]
