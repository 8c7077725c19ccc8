"""What a worker that ends gives back; and clocks that jump while leases run."""

import pytest

from runs.model import Claim, RunState
from store.sql_store import SqlStore
from tests.cast import ADMIN, Clock, Judge
from tests.usecases.world import LEASE, World
from usecases.history import list_runs
from usecases.request_run import request_run
from worker.ending import give_back


@pytest.fixture
def world(store: SqlStore, clock: Clock) -> World:
    world = World(store=store, clock=clock, judge=Judge(clock))
    world.publish()
    request_run(world.store, "sales.orders", by=ADMIN, clock=clock)
    return world


def take(world: World, owner: str) -> Claim:
    now = world.clock()
    with world.store.write() as shelf:
        claim = shelf.runs.claim(1, owner=owner, now=now, lease_until=now + LEASE)
    assert claim is not None
    return claim


def only_run(world: World):
    (run,) = list_runs(world.store, by=ADMIN, before=None, limit=9)
    return run


def test_what_is_given_back_waits_as_if_nobody_had_tried(world: World):
    claim = take(world, "here:1")

    assert give_back(world.store, "here:1") == 1

    run = only_run(world)
    assert (run.state, run.attempt, run.lease_until) == (RunState.QUEUED, 0, None)
    with world.store.write() as shelf:
        assert not shelf.runs.finish(
            claim, state=RunState.DONE, report=None, error="", now=world.clock()
        )
    assert world.drain() == [True]


def test_what_others_judge_and_what_is_over_is_left_alone(world: World):
    take(world, "there:1")

    assert give_back(world.store, "here:1") == 0
    assert only_run(world).state is RunState.RUNNING


def test_a_contract_is_not_lost_by_many_deploys(world: World):
    for _ in range(5):  # attempts are 2
        take(world, "here:1")
        give_back(world.store, "here:1")
        world.reap()

    assert only_run(world).state is RunState.QUEUED


@pytest.mark.parametrize("jump", [-3600, 86_400])
def test_a_clock_that_jumps_neither_loses_a_run_nor_records_it_twice(world: World, jump: float):
    claim = take(world, "here:1")
    world.clock.pass_(seconds=jump)
    world.reap()
    world.drain()

    with world.store.write() as shelf:  # the first worker ends, whatever the clock says
        late = shelf.runs.finish(
            claim, state=RunState.DONE, report=None, error="", now=world.clock()
        )
    world.clock.pass_(seconds=abs(jump) + 60)
    world.reap()
    world.drain()

    run = only_run(world)
    assert run.state is RunState.DONE
    assert late is (jump < 0)  # forward: the lease was over, and another had it meanwhile
    assert run.attempt == (1 if late else 2)
