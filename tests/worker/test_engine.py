import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from access.idempotency import Keyed
from notifications.model import Notice
from runs.model import RunState
from runtime.build import EngineParts
from store.sql_store import SqlStore
from tests.cast import ADMIN, NOON, ORDERS, Clock, Judge
from tests.usecases.world import URL, World
from usecases.history import run_detail
from usecases.idempotency import begin
from usecases.pace import Pace
from usecases.request_run import request_run
from worker.engine import Engine


def until(look: Callable[[], object], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


class Broker:
    """Takes runs; raises ``fault`` while there is one."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.taken: list[int] = []

    def __call__(self, run_id: int) -> None:
        if self.fault:
            raise self.fault
        self.taken.append(run_id)


def silent(notice: Notice) -> None:
    """Carry nothing: these tests send no notice."""


def engine(store: SqlStore, broker: Callable[[int], None], clock: Clock) -> Engine:
    return Engine(
        EngineParts(
            store=store,
            send=broker,
            pace=Pace(),
            post=silent,
            url=URL,
            clock=clock,
        )
    )


@pytest.fixture
def world(store: SqlStore, clock: Clock) -> World:
    return World(store=store, clock=clock, judge=Judge(clock))


def test_what_is_queued_reaches_the_broker_and_the_engine_shows_life(world: World):
    broker = Broker()
    world.publish()
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    running = engine(world.store, broker, world.clock)

    running.start()
    until(lambda: broker.taken)
    running.stop()

    with world.store.read() as shelf:
        beats = dict(shelf.heartbeats.latest())
    assert beats == {"engine": NOON, "dispatch": NOON, "outbox": NOON}


def test_a_dead_broker_does_not_end_the_engine(world: World, logs: list[dict[str, object]]):
    broker = Broker()
    broker.fault = ConnectionError("no broker")
    world.publish()
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    running = engine(world.store, broker, world.clock)
    running.start()
    until(lambda: logs)

    broker.fault = None
    world.clock.pass_(seconds=60)
    until(lambda: broker.taken)
    running.stop()

    assert [event["error"] for event in logs] == ["ConnectionError: no broker"]


def test_a_broker_that_hangs_keeps_nobody_from_taking_runs_back(world: World):
    answer, asked = threading.Event(), threading.Event()
    world.publish()
    world.publish(ORDERS.replace("orders", "lines"))
    (left,) = request_run(world.store, "sales.lines", by=ADMIN, clock=world.clock)
    with world.store.write() as shelf:
        shelf.runs.claim(left.id, owner="dies", now=NOON, lease_until=NOON + timedelta(seconds=30))
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)

    def hang(run_id: int) -> None:
        asked.set()
        answer.wait(30)

    running = engine(world.store, hang, world.clock)
    running.start()
    assert asked.wait(10)
    world.clock.pass_(seconds=31)
    until(lambda: run_detail(world.store, left.id, by=ADMIN).run.state is RunState.QUEUED)

    assert not answer.is_set()
    answer.set()
    running.stop()


def test_ending_it_from_elsewhere_lets_run_return(world: World):
    running = engine(world.store, Broker(), world.clock)
    thread = threading.Thread(target=running.run)
    thread.start()

    running.end()
    thread.join(10)

    assert not thread.is_alive()


def test_what_is_over_is_swept_and_assurance_is_watched(world: World):
    world.publish()
    keyed = Keyed(by=ADMIN, key="k", request="1" * 64)
    begin(world.store, keyed, now=NOON - timedelta(hours=24))
    running = engine(world.store, Broker(), world.clock)

    def tidied() -> bool:
        with world.store.read() as shelf:
            left = shelf.keys.expired(world.clock())
            return not left and not shelf.watches.stale(NOON - timedelta(seconds=1), limit=1)

    running.start()
    until(tidied)
    running.stop()
