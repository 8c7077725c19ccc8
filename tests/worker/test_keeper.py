import time
from datetime import timedelta

import pytest

from store.errors import StoreUnavailable
from store.sql_store import SqlStore
from tests.cast import ADMIN, Clock, Judge
from tests.usecases.world import World
from usecases.request_run import request_run
from worker.keeper import Keeper

SHORT = timedelta(seconds=0.3)


@pytest.fixture
def world(store: SqlStore, clock: Clock) -> World:
    found = World(store=store, clock=clock, judge=Judge(clock))
    found.publish()
    return found


def claim(world: World):
    (run,) = request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    with world.store.write() as shelf:
        taken = shelf.runs.claim(
            run.id, owner="me", now=world.clock(), lease_until=world.clock() + SHORT
        )
    assert taken is not None
    return taken


def lease(world: World, run_id: int):
    with world.store.read() as shelf:
        run = shelf.runs.get(run_id)
    assert run is not None
    return run.lease_until


def test_a_lease_is_prolonged_while_the_block_runs(world: World):
    taken = claim(world)
    keeper = Keeper(world.store, SHORT, world.clock)

    with keeper.hold(taken):
        world.clock.pass_(seconds=5)
        time.sleep(0.4)

    assert lease(world, taken.run_id) == world.clock() + SHORT


def test_a_claim_that_was_lost_is_not_prolonged(world: World, logs: list[dict[str, object]]):
    taken = claim(world)
    world.clock.pass_(seconds=60)
    world.reap()
    keeper = Keeper(world.store, SHORT, world.clock)

    with keeper.hold(taken):
        time.sleep(0.4)

    assert lease(world, taken.run_id) is None
    assert [event["event"] for event in logs] == ["lease lost"]


def test_a_beat_that_fails_is_followed_by_another(
    world: World, logs: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
):
    taken = claim(world)
    write, faults = world.store.write, [StoreUnavailable("the disk sleeps")]

    def sleepy():
        if faults:
            raise faults.pop()
        return write()

    monkeypatch.setattr(world.store, "write", sleepy)
    world.clock.pass_(seconds=5)

    with Keeper(world.store, SHORT, world.clock).hold(taken):
        time.sleep(0.5)

    assert [event["error"] for event in logs] == ["the disk sleeps"]
    assert lease(world, taken.run_id) == world.clock() + SHORT
