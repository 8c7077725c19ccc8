"""Clauses with schedules of their own, from publishing to the card."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from checks.model import Outcome
from contracts.errors import InvalidContract
from runs.model import RunState
from tests.cast import ADMIN, NOON, ORDERS, OWNER, PRODUCER, VIEWER
from tests.usecases.world import World
from usecases.card import card, glance
from usecases.errors import NotFound
from usecases.history import run_detail
from usecases.publish import publish
from usecases.request_run import request_run
from usecases.schedules import Wish, get_schedule, set_schedule
from usecases.tick import tick

OWN = "customProperties:\n  - property: assaySchedule\n    value: every 10s\n"
RULE = "      - id: some-rows\n"
CRON = "        scheduler: cron\n        schedule: {}\n"
HALF_PAST = ORDERS.replace(RULE, RULE + CRON.format("30 * * * *")).replace("every 10s", "0 * * * *")
BOTH = HALF_PAST.replace("30 * * * *", "0,30 * * * *")
ALONE = HALF_PAST.replace(OWN.replace("every 10s", "0 * * * *"), "customProperties:\n")
ROWS = "/schema/orders/quality/some-rows"
HOUR = timedelta(hours=1)


def at(world: World, hour: int, minute: int, *, day: int = 20) -> list[tuple[str, ...]]:
    """Let it be that time and return the keys that each run judged."""
    world.clock.now = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
    tick(world.store, world.pace, now=world.clock())
    world.drain()
    with world.store.read() as shelf:
        runs = shelf.runs.page(product="sales.orders", before=None, limit=9)
    new = [run for run in runs if run.created == world.clock()]
    return [
        tuple(sorted(one.clause.key for one in run_detail(world.store, run.id, by=ADMIN).results))
        for run in reversed(new)
    ]


def standing(world: World):
    with world.store.read() as shelf:
        return {one.key: one for one in shelf.standings.standing("sales.orders")}


def executable(world: World) -> set[str]:
    return set(standing(world))


def test_a_clause_is_judged_by_its_own_schedule_and_the_others_by_the_contract_s(world: World):
    world.publish(HALF_PAST)

    [half_past] = at(world, 12, 30)
    [full] = at(world, 13, 0)

    assert half_past == (ROWS,)
    assert ROWS not in full
    assert set(full) | {ROWS} >= executable(world)


def test_clauses_of_one_instant_share_a_run(world: World):
    world.publish(BOTH)

    [half_past] = at(world, 12, 30)
    [full] = at(world, 13, 0)

    assert half_past == (ROWS,)
    assert set(full) >= executable(world)


def test_a_run_by_hand_judges_all_and_does_not_join_one_that_judges_some(world: World):
    world.publish(HALF_PAST)
    world.clock.pass_(minutes=30)
    tick(world.store, world.pace, now=world.clock())

    [run] = request_run(world.store, "sales.orders", by=PRODUCER, clock=world.clock)
    while world.drain():
        pass

    keys = {one.clause.key for one in run_detail(world.store, run.id, by=ADMIN).results}
    assert keys >= executable(world)


def test_what_is_not_due_keeps_its_verdict_and_its_age(world: World):
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish(HALF_PAST)
    at(world, 12, 30)
    at(world, 13, 0)
    before = standing(world)
    seen = glance(world.store, "sales.orders", clock=world.clock).score
    world.judge.said = {}

    at(world, 13, 30)

    after = standing(world)
    assert before.pop(ROWS).judged_at == NOON + HOUR / 2
    assert after.pop(ROWS).judged_at == world.clock()
    assert after == before
    now = glance(world.store, "sales.orders", clock=world.clock).score
    assert (now.failing, now.clauses) == (seen.failing, seen.clauses)


def test_a_breach_outlives_a_run_that_does_not_judge_its_clause(world: World):
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish(HALF_PAST)
    at(world, 12, 30)
    at(world, 13, 0)
    world.judge.said = {}

    at(world, 13, 30)

    with world.store.read() as shelf:
        assert len(shelf.incidents.open_breaches("orders")) == 1
    at(world, 14, 0)
    with world.store.read() as shelf:
        assert shelf.incidents.open_breaches("orders") == {}


def test_a_breach_of_a_dropped_clause_ends_with_any_run(world: World):
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish(HALF_PAST)
    at(world, 12, 30)
    at(world, 13, 0)
    with world.store.read() as shelf:
        assert len(shelf.incidents.open_breaches("orders")) == 1
    dropped = HALF_PAST.replace("        enum: [{value: open}, {value: done}]\n", "")
    world.publish(dropped.replace("version: 1.0.0", "version: 2.0.0"))

    at(world, 13, 30)

    with world.store.read() as shelf:
        assert shelf.incidents.open_breaches("orders") == {}


def test_assurance_is_by_each_clause_s_own_timetable(world: World):
    daily = HALF_PAST.replace("30 * * * *", "0 13 * * *")
    world.publish(daily)
    at(world, 13, 0)

    found = standing(world)

    assert found[ROWS].timetable.cron == "0 13 * * *"
    assert {one.timetable.cron for key, one in found.items() if key != ROWS} == {"0 * * * *"}


def test_a_contract_may_have_schedules_of_clauses_alone(world: World):
    done = world.publish(ALONE)

    assert done.next_run == NOON + HOUR / 2
    assert get_schedule(world.store, "orders", by=VIEWER).timetable.empty
    assert at(world, 12, 30) == [(ROWS,)]
    assert at(world, 13, 0) == []
    others = [one for key, one in standing(world).items() if key != ROWS]
    assert {one.timetable for one in others} == {None}
    [port] = card(world.store, "sales.orders", by=VIEWER, clock=world.clock).ports
    assert port.schedule is not None


def test_another_scheduler_is_named_and_the_contract_s_schedule_holds(world: World):
    other = HALF_PAST.replace("scheduler: cron", "scheduler: airflow")

    done = world.publish(other)

    [told] = [one for one in done.warnings if one.code == "schedule-not-followed"]
    assert "'airflow' is not followed here" in told.message
    assert get_schedule(world.store, "orders", by=VIEWER).parts == ()


@pytest.mark.parametrize("line", ["0 0 30 2 *", "0 0 31 2 *", "0 25 * * *", "soon", "0 20 * *"])
def test_an_impossible_line_is_refused_with_its_place_and_what_to_write(world: World, line: str):
    text = HALF_PAST.replace("30 * * * *", f'"{line}"')

    with pytest.raises(InvalidContract) as caught:
        publish(world.store, text.encode(), by=ADMIN, clock=world.clock)

    [problem] = caught.value.problems
    place = next(
        n for n, words in enumerate(text.splitlines(), 1) if f'schedule: "{line}"' in words
    )
    assert (problem.code, problem.line) == ("bad-schedule", place)
    assert "write minute, hour, day, month and weekday" in problem.message


def test_publishing_anew_keeps_what_did_not_change(world: World):
    world.publish(HALF_PAST)
    before = get_schedule(world.store, "orders", by=VIEWER)
    pause = set_schedule(
        world.store, "orders", Wish(paused=True, reason="rest"), by=OWNER, clock=world.clock
    ).pause
    world.clock.pass_(minutes=10)

    world.publish(HALF_PAST.replace("version: 1.0.0", "version: 1.1.0"))

    found = get_schedule(world.store, "orders", by=VIEWER)
    assert found == replace(before, version="1.1.0", pause=pause)


def test_a_new_timetable_of_a_clause_leaves_the_others_where_they_stand(world: World):
    world.publish(HALF_PAST)
    begun = get_schedule(world.store, "orders", by=VIEWER).anchor
    world.clock.pass_(minutes=45)  # nobody ticked at 12:30

    changed = HALF_PAST.replace("value: 0 * * * *", "value: 40 * * * *")
    world.publish(changed.replace("version: 1.0.0", "version: 1.1.0"))

    found = get_schedule(world.store, "orders", by=VIEWER)
    assert (found.anchor, found.instant) == (world.clock(), NOON + HOUR / 2)
    assert found.parts[0].since == begun
    assert at(world, 12, 50) == [(ROWS,)]  # what was due is made up, 12:40 was before its time
    assert get_schedule(world.store, "orders", by=VIEWER).instant == NOON + HOUR / 2 + HOUR


def test_a_waiting_run_takes_the_place_of_those_whose_clauses_it_judges(world: World):
    world.publish(HALF_PAST)
    for minutes in range(30, 30 * 9, 30):
        world.clock.now = NOON + timedelta(minutes=minutes)
        tick(world.store, world.pace, now=world.clock())

    with world.store.read() as shelf:
        runs = shelf.runs.page(product="sales.orders", before=None, limit=9)
    assert sorted(run.lines or () for run in runs) == [("",), ("30 * * * *",)]


def test_removing_a_clause_s_schedule_takes_its_timetable_away(world: World):
    world.publish(HALF_PAST)
    plain = ORDERS.replace("every 10s", "0 * * * *").replace("version: 1.0.0", "version: 1.1.0")
    world.publish(plain)

    assert get_schedule(world.store, "orders", by=VIEWER).parts == ()
    assert standing(world)[ROWS].timetable.cron == "0 * * * *"
    assert at(world, 12, 30) == []


def test_with_no_timetable_left_there_is_no_schedule(world: World):
    world.publish(ALONE)
    bare = ORDERS.replace(OWN, "customProperties:\n")
    world.publish(bare.replace("version: 1.0.0", "version: 1.1.0"))

    with pytest.raises(NotFound):
        get_schedule(world.store, "orders", by=VIEWER)


def test_the_card_of_a_past_moment_has_the_same_timetables(world: World):
    world.publish(HALF_PAST)
    at(world, 13, 0)
    at(world, 13, 30)
    now = card(world.store, "sales.orders", by=VIEWER, clock=world.clock)
    then = world.clock()
    world.clock.pass_(hours=5)

    past = card(world.store, "sales.orders", by=VIEWER, clock=world.clock, at=then)

    assert past.score == now.score


def test_a_timetable_that_cannot_be_followed_stands_still_and_the_others_go_on(world: World):
    world.publish()
    with world.store.write() as shelf:
        found = shelf.schedules.of("orders")
        assert found is not None
        broken = replace(found.timetable, missed="always")
        shelf.schedules.put(
            "orders", broken, anchor=found.anchor, due=(found.instant, found.due_at)
        )

    world.clock.pass_(seconds=60)

    assert tick(world.store, world.pace, now=world.clock()) == 0
    pause = get_schedule(world.store, "orders", by=VIEWER).pause
    assert pause is not None
    assert (pause.by, "unknown policy 'always'" in pause.reason) == ("assay", True)
    with world.store.read() as shelf:
        assert shelf.audit.all()[-1][0].action == "schedule.pause"


def test_the_life_of_a_run_of_some_clauses_ends_as_any(world: World):
    world.publish(HALF_PAST)
    at(world, 12, 30)

    with world.store.read() as shelf:
        run = shelf.runs.get(1)
    assert run is not None
    assert (run.state, run.lines) == (RunState.DONE, ("30 * * * *",))
    assert sum(run.counts.values()) == 1
