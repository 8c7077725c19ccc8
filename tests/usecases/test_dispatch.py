"""Handing over when the broker, the database or a clock is not what it should be."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from runs.model import RunState
from store.clock import create_clock
from store.engine import create_store_engine
from store.sql_store import SqlStore
from tests.cast import ADMIN, NOON, ORDERS, Clock, Judge
from tests.checks.postgres import MARKS
from tests.databases import postgres_database
from tests.usecases.world import URL, World
from usecases.dispatch import dispatch
from usecases.execute_run import Executor, execute_run
from usecases.history import list_runs
from usecases.pace import Pace
from usecases.reap import reap
from usecases.request_run import request_run

HOUR = timedelta(hours=1)


class Broker:
    """Takes runs; after ``after`` of them it takes no more, where that is given."""

    def __init__(self) -> None:
        self.after: int | None = None
        self.taken: list[int] = []
        self.asked = 0

    def __call__(self, run_id: int) -> None:
        self.asked += 1
        if self.after is not None and len(self.taken) >= self.after:
            raise ConnectionError("no broker")
        self.taken.append(run_id)


@pytest.fixture
def broker() -> Broker:
    return Broker()


def queue(world: World, number: int) -> list[int]:
    """Queue a run of each of ``number`` products."""
    ids = []
    for each in range(number):
        name = f"orders{each}"
        world.publish(
            ORDERS.replace("id: orders", f"id: {name}").replace(
                "dataProduct: orders", f"dataProduct: {name}"
            )
        )
        ids += [
            run.id for run in request_run(world.store, f"sales.{name}", by=ADMIN, clock=world.clock)
        ]
    return ids


def hand_over(world: World, broker: Broker) -> int | None:
    """Dispatch as an engine does, which goes on after an error."""
    try:
        return dispatch(world.store, broker, world.pace, clock=world.clock)
    except ConnectionError:
        return None


def test_after_an_hour_without_a_broker_the_backlog_is_drained_in_order_and_in_bounds(
    world: World, broker: Broker
):
    ids = queue(world, 12)
    world.pace = Pace(in_flight=4, per_connection=3)
    broker.after = 0
    for _ in range(60):
        assert hand_over(world, broker) is None
        world.clock.pass_(minutes=1)

    broker.after = None
    drained = []
    while hand_over(world, broker):
        assert len(broker.taken) <= 3  # they all read over one connection
        drained += broker.taken
        for run_id in broker.taken:
            assert execute_run(world.store, run_id, world.executor())
        broker.taken.clear()

    assert drained == ids
    assert broker.asked == 60 + 12  # one message a try, not one for each run
    states = {run.state for run in list_runs(world.store, by=ADMIN, before=None, limit=50)}
    assert states == {RunState.DONE}


def test_what_a_broker_did_not_take_waits_for_no_patience(world: World, broker: Broker):
    ids = queue(world, 3)
    broker.after = 1
    assert hand_over(world, broker) is None

    broker.after = None
    assert hand_over(world, broker) == 2

    assert broker.taken == ids


def test_what_a_run_reads_over_is_looked_up_once_for_each_version(world: World, broker: Broker):
    queue(world, 1)
    with world.store.read() as shelf:
        assert shelf.runs.unplaced(limit=9) == (("orders0", "1.0.0"),)

    hand_over(world, broker)

    with world.store.write() as shelf:
        shelf.runs.take_back(broker.taken)
    world.pace = Pace(per_connection=0)
    assert hand_over(world, broker) == 0  # it reads over the lake, which is full


def test_a_document_that_names_no_connection_is_handed_over_all_the_same(
    world: World, broker: Broker
):
    server = ORDERS[ORDERS.index("servers:") : ORDERS.index("schema:")]
    world.publish(ORDERS.replace(server, ""))
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    world.pace = Pace(per_connection=0)

    assert hand_over(world, broker) == 1


@pytest.fixture(params=[pytest.param(None, marks=MARKS)])
def far(clock: Clock) -> Iterator[tuple[World, Engine]]:
    """A world on PostgreSQL, and the engine below it."""
    with postgres_database() as url:
        engine = create_store_engine(url)
        store = SqlStore(engine)
        yield World(store=store, clock=clock, judge=Judge(clock)), engine
        engine.dispose()


@pytest.mark.parametrize("skew", [-HOUR, HOUR])
def test_a_worker_whose_clock_is_an_hour_off_keeps_its_lease_and_steals_none(
    far: tuple[World, Engine], skew: timedelta
):
    world, engine = far
    mine = create_clock(engine, lambda: NOON)
    skewed = create_clock(engine, lambda: NOON + skew)
    world.publish()
    (run,) = request_run(world.store, "sales.orders", by=ADMIN, clock=mine)
    seen: list[int] = []

    def judge(contract, promised, location):
        seen.extend(reap(world.store, world.pace, url=URL, now=clock()) for clock in (mine, skewed))
        return world.judge(contract, promised, location)

    executor: Executor = replace(world.executor(), judge=judge, clock=skewed)

    assert execute_run(world.store, run.id, executor)

    assert seen == [0, 0]
    (kept,) = list_runs(world.store, by=ADMIN, before=None, limit=9)
    assert (kept.state, kept.attempt) == (RunState.DONE, 1)
    assert kept.finished is not None
    assert abs(kept.finished - mine()) < timedelta(minutes=1)
