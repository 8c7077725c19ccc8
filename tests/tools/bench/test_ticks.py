from tools.bench.ticks import measure


def test_all_that_is_due_is_queued_once(database: str):
    found = measure(database, schedules=120, due=50)

    assert (found["queued"], found["queued_by_two"], found["double"]) == (50, 50, 0)
