from datetime import timedelta

import pytest

from checks.model import Outcome
from store.sql_store import SqlStore
from tests.cast import ADMIN, Clock, Judge
from tests.usecases.world import World
from usecases.figures import Follower, read_figures
from usecases.request_run import request_run


@pytest.fixture
def world(any_store: SqlStore, clock: Clock) -> World:
    return World(store=any_store, clock=clock, judge=Judge(clock))


def reading(world: World):
    return read_figures(world.store, now=world.clock())


def test_an_empty_service_waits_for_nothing(any_store: SqlStore, clock: Clock):
    found = read_figures(any_store, now=clock())

    assert (found.queued, found.queue_age, found.running) == (0, 0.0, 0)
    assert (found.outbox, found.outbox_age, found.dead_letters) == (0, 0.0, 0)
    assert (found.requested, found.attempts, found.lateness) == (0, 0, 0.0)
    assert (found.trouble, dict(found.beats)) == ((), {})


def test_the_age_of_the_queue_is_that_of_its_oldest_run(world: World):
    world.publish()
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    world.clock.pass_(seconds=42)

    found = reading(world)

    assert (found.queued, found.queue_age, found.requested) == (1, 42.0, 1)


def test_a_run_that_was_judged_waits_no_more_and_is_told_once(world: World):
    world.publish()
    follower = Follower(world.store)
    assert list(follower.news()) == []
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    world.clock.pass_(seconds=3)
    world.drain()

    (ended,) = follower.news()

    assert (ended.outcome, ended.attempts, ended.waited) == ("passed", 1, 3.0)
    assert "total" in ended.seconds
    assert list(follower.news()) == []
    assert reading(world).queued == 0


def test_a_lost_run_is_told_as_lost_and_never_as_errored(world: World):
    world.publish()
    follower = Follower(world.store)
    list(follower.news())
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    for _ in range(world.pace.attempts):
        with world.store.write() as shelf:
            now = world.clock()
            assert shelf.runs.claim(1, owner="w", now=now, lease_until=now + timedelta(seconds=1))
        world.clock.pass_(seconds=60)
        world.reap()

    assert [(one.outcome, one.attempts) for one in follower.news()] == [("lost", 2)]


def test_a_broken_promise_is_an_open_incident_with_its_gravest_breach(world: World):
    world.publish()
    world.judge.outcome = Outcome.FAILED
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    world.drain()

    found = reading(world)

    assert [(one.kind, one.state, one.count) for one in found.trouble] == [
        ("breach", "triggered", 1)
    ]
    assert found.trouble[0].severity in {"critical", "high", "medium"}
    assert found.outbox >= 1


def test_a_schedule_that_nobody_fires_is_late(world: World):
    world.publish()
    with world.store.read() as shelf:
        due = shelf.schedules.of("orders")
    assert due is not None
    world.clock.pass_(seconds=(due.due_at - world.clock()).total_seconds() + 90)

    assert reading(world).lateness == 90.0


def test_signs_of_life_have_an_age(world: World):
    with world.store.write() as shelf:
        shelf.heartbeats.beat("engine", world.clock())
    world.clock.pass_(seconds=7)

    assert dict(reading(world).beats) == {"engine": 7.0}
