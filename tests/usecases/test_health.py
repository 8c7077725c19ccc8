from store.sql_store import SqlStore
from tests.cast import NOON, Clock
from usecases.health import health


def beat(store: SqlStore, *parts: str, clock: Clock) -> None:
    with store.write() as shelf:
        for part in parts:
            shelf.heartbeats.beat(part, clock())


def test_parts_that_never_showed_life_are_named(store: SqlStore, clock: Clock):
    beat(store, "engine", clock=clock)

    found = health(store, clock=clock)

    assert not found.well
    assert found.silent == {"outbox": None}


def test_silence_of_half_a_minute_is_named(store: SqlStore, clock: Clock):
    beat(store, "engine", "outbox", clock=clock)
    well = health(store, clock=clock).well

    clock.pass_(seconds=31)

    assert well
    assert health(store, clock=clock).silent == {"engine": NOON, "outbox": NOON}
