import time
from datetime import timedelta

import pytest

from checks import progress
from checks.model import Progress
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


def noted(world: World, run_id: int):
    with world.store.read() as shelf:
        run = shelf.runs.get(run_id)
    assert run is not None
    return run.progress


def test_progress_is_written_down_each_second_while_the_lease_is_long(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("worker.keeper._NOTED", 0.05)
    taken = claim(world)

    with Keeper(world.store, timedelta(seconds=60), world.clock).hold(taken):
        progress.begin(4)
        progress.enter("pandera")
        progress.answer(1)
        time.sleep(0.3)
        first = noted(world, taken.run_id)
        progress.answer(2)
        time.sleep(0.3)
        second = noted(world, taken.run_id)

    assert first == Progress(phase="asking Pandera", done=1, total=4)
    assert second == Progress(phase="asking Pandera", done=3, total=4)
    assert lease(world, taken.run_id) == taken.lease_until


def test_a_run_that_is_over_at_once_writes_no_progress(world: World):
    taken = claim(world)

    with Keeper(world.store, timedelta(seconds=60), world.clock).hold(taken):
        progress.begin(1)
        progress.enter("open")

    assert noted(world, taken.run_id) is None


def test_progress_of_a_lost_claim_is_not_written(world: World, logs: list[dict[str, object]]):
    taken = claim(world)
    world.clock.pass_(seconds=60)
    world.reap()

    with Keeper(world.store, SHORT, world.clock).hold(taken):
        progress.enter("open")
        time.sleep(0.4)

    assert noted(world, taken.run_id) is None
    assert [event["event"] for event in logs] == ["lease lost"]
