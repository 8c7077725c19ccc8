from dataclasses import replace

import pytest

from access.errors import Forbidden
from access.event import EventKind
from checks.model import Outcome
from runs.model import Move, Pause
from store.errors import StoreConflict
from tests.cast import ADMIN, NOON, ORDERS, OWNER, PRODUCER, STRANGER, VIEWER
from tests.usecases.world import World
from usecases.card import glance
from usecases.errors import NotFound
from usecases.events import Wanted, follow
from usecases.live import look_at_run
from usecases.request_run import request_run
from usecases.schedules import Wish, get_schedule, set_schedule
from usecases.tick import tick

PAUSE = Wish(paused=True, reason="the source moves")
RESUME = Wish(paused=False)
KINDS = (EventKind.SCHEDULE_PAUSED, EventKind.SCHEDULE_RESUMED)


def wish(world: World, what: Wish, by=OWNER):
    return set_schedule(world.store, "orders", what, by=by, clock=world.clock)


def audited(world: World) -> list[tuple[str, str, str]]:
    with world.store.read() as shelf:
        rows = shelf.audit.all()
    return [(e.actor, e.action, e.detail) for e, _ in rows if e.action.startswith("schedule.")]


def events(world: World):
    found = follow(world.store, by=VIEWER, after=0, limit=100, wanted=Wanted(kinds=KINDS))
    return [(event.kind.value, event.subject, dict(event.facts)) for event in found.events]


def queued(world: World, seconds: float) -> int:
    world.clock.pass_(seconds=seconds)
    return tick(world.store, world.pace, now=world.clock())


def test_a_pause_is_kept_audited_and_told(world: World):
    world.publish()

    done = wish(world, PAUSE)

    assert done.pause == Pause(at=NOON, by="olga", reason="the source moves")
    assert get_schedule(world.store, "orders", by=VIEWER) == done
    assert audited(world) == [("olga", "schedule.pause", "the source moves")]
    facts = {"contract": "orders", "by": "olga", "reason": "the source moves"}
    assert events(world) == [("schedule.paused", "contract/orders", facts)]


def test_pausing_twice_changes_nothing_and_another_reason_is_written_down(world: World):
    world.publish()
    first = wish(world, PAUSE)
    world.clock.pass_(seconds=60)

    assert wish(world, PAUSE) == first
    later = wish(world, replace(PAUSE, reason="it takes longer"))

    assert later.pause == Pause(at=world.clock(), by="olga", reason="it takes longer")
    assert [detail for _, _, detail in audited(world)] == ["the source moves", "it takes longer"]
    assert len(events(world)) == 1


def test_resuming_what_ticks_changes_nothing(world: World):
    world.publish()

    assert wish(world, RESUME).pause is None

    assert (audited(world), events(world)) == ([], [])


def test_a_paused_schedule_makes_no_run_but_one_may_be_asked_for(world: World):
    world.publish()
    wish(world, PAUSE)

    assert queued(world, 3600) == 0
    (run,) = request_run(world.store, "sales.orders", by=PRODUCER, clock=world.clock)
    assert world.drain() == [True]

    assert look_at_run(world.store, run.id, by=VIEWER).outcome == "passed"


@pytest.mark.parametrize(("missed", "runs"), [("skip", 0), ("run_once", 1), ("catch_up:3", 3)])
def test_on_resuming_the_contract_says_what_becomes_of_missed_instants(
    world: World, missed: str, runs: int
):
    world.publish(
        ORDERS.replace("every 10s", "every 10min")
        + f"  - property: assayMissed\n    value: {missed}\n"
    )
    wish(world, PAUSE)
    world.clock.pass_(hours=5, minutes=5)

    wish(world, RESUME)

    assert queued(world, 0) == runs
    assert queued(world, 0) == 0
    assert [what for what, _, _ in events(world)] == ["schedule.paused", "schedule.resumed"]


def test_a_schedule_that_was_found_due_and_paused_meanwhile_does_not_fire(world: World):
    world.publish()
    world.clock.pass_(seconds=10)
    with world.store.read() as shelf:
        (due,) = shelf.schedules.due(world.clock(), limit=1)
    wish(world, PAUSE)

    with pytest.raises(StoreConflict), world.store.write() as shelf:
        shelf.schedules.advance([Move(schedule=due, instant=NOON, due_at=NOON)])


def test_a_pause_outlives_a_new_version(world: World):
    world.publish()
    wish(world, PAUSE)
    text = ORDERS.replace("version: 1.0.0", "version: 1.1.0").replace("every 10s", "every 5s")
    world.publish(text)

    assert get_schedule(world.store, "orders", by=VIEWER).paused
    assert queued(world, 60) == 0


@pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.FAILED])
def test_a_pause_never_raises_a_score_and_good_verdicts_expire(world: World, outcome: Outcome):
    world.judge.said = {"enum": outcome}
    world.publish()
    world.pass_time()
    before = glance(world.store, "sales.orders", clock=world.clock).score

    wish(world, PAUSE)
    scores = []
    for _ in range(6):
        world.clock.pass_(seconds=10)
        scores.append(glance(world.store, "sales.orders", clock=world.clock).score)

    for score in scores:
        assert (score.low or 0) <= (before.low or 0)
        assert (score.quality or 0) <= (before.quality or 0)
    kept = [score.assurance for score in scores]
    assert kept == sorted(kept, reverse=True)
    assert kept[-1] < 0.8 <= before.assurance


@pytest.mark.parametrize("by", [VIEWER, PRODUCER, STRANGER])
def test_only_an_owner_of_the_domain_may_pause(world: World, by):
    world.publish()

    with pytest.raises(Forbidden, match="may not manage schedules in domain 'sales'"):
        wish(world, PAUSE, by=by)

    assert (audited(world), events(world)) == ([], [])


def test_an_admin_may_pause_too(world: World):
    world.publish()

    assert wish(world, PAUSE, by=ADMIN).paused


def test_a_contract_without_a_schedule_is_told_from_one_that_is_not_there(world: World):
    text = ORDERS[: ORDERS.index("customProperties:\n  - property: assayS")]
    world.publish(text)

    with pytest.raises(NotFound, match="no schedule of contract 'orders'"):
        wish(world, PAUSE)
    with pytest.raises(NotFound, match="no contract 'nobody'"):
        get_schedule(world.store, "nobody", by=VIEWER)
