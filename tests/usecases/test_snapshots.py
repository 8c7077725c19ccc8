from datetime import timedelta

import pytest

from checks.model import Outcome
from scorecards.catalog import State, Wanted
from tests.cast import ADMIN, ORDERS, VIEWER
from tests.usecases.world import World
from usecases.card import card
from usecases.catalog import catalog
from usecases.pace import Pace
from usecases.request_run import request_run
from usecases.snapshots import keep_daily

KEY = "sales.orders"


def listed(world: World, state: State) -> list[str]:
    found = catalog(world.store, by=VIEWER, wanted=Wanted(state=state), clock=world.clock)
    return [row.product.key for row in found.rows]


def kept(world: World) -> list[float | None]:
    found = card(world.store, KEY, by=VIEWER, clock=world.clock)
    return [snapshot.low for snapshot in found.history]


def test_a_quiet_product_gets_one_score_a_day(world: World):
    world.publish()
    world.pass_time()
    counts = []

    for _ in range(8):
        world.clock.pass_(hours=12)
        counts.append(keep_daily(world.store, now=world.clock()))

    assert counts == [0, 1] * 4
    assert kept(world) == [100.0] + [pytest.approx(1.0)] * 4


def test_a_product_that_is_judged_every_day_needs_none(world: World):
    world.publish()

    for _ in range(4):
        world.pass_time(12 * 3600)
        assert keep_daily(world.store, now=world.clock()) == 0

    assert len(kept(world)) == 4


def test_a_product_never_run_has_no_score_to_keep(world: World):
    world.publish()
    world.clock.pass_(days=3)

    assert keep_daily(world.store, now=world.clock()) == 0


def test_a_batch_leaves_the_rest_for_the_next_look(world: World):
    for name in ("a", "b", "c"):
        text = ORDERS.replace("id: orders\n", f"id: {name}\n", 1)
        world.publish(text.replace("dataProduct: orders", f"dataProduct: {name}"))
    world.pass_time()
    world.clock.pass_(days=1)

    counts = [keep_daily(world.store, now=world.clock(), batch=2) for _ in range(3)]

    assert counts == [2, 1, 0]


def test_a_failing_run_is_in_the_catalog_at_once_and_a_pass_takes_it_out(world: World):
    world.publish()
    world.judge.said = {"enum": Outcome.FAILED}
    world.pass_time()
    failing = listed(world, State.FAILING)
    world.judge.said = {}
    world.pass_time()

    assert (failing, listed(world, State.FAILING)) == ([KEY], [])
    assert listed(world, State.HEALTHY) == [KEY]


def test_a_clause_that_is_promised_no_more_fails_no_more(world: World):
    world.publish()
    world.judge.said = {"enum": Outcome.FAILED}
    world.pass_time()

    shorter = ORDERS.replace("        enum: [{value: open}, {value: done}]\n", "")
    world.publish(shorter.replace("1.0.0", "2.0.0"))

    assert listed(world, State.FAILING) == []


def test_a_product_whose_contract_moved_away_keeps_nothing_of_it(world: World):
    world.publish()
    world.judge.said = {"enum": Outcome.FAILED}
    world.pass_time()

    moved = ORDERS.replace("dataProduct: orders", "dataProduct: moved")
    world.publish(moved.replace("1.0.0", "2.0.0"))

    assert listed(world, State.FAILING) == ["sales.moved"]
    found = catalog(world.store, by=VIEWER, wanted=Wanted(text="status"), clock=world.clock)
    assert [row.product.key for row in found.rows] == ["sales.moved"]


def test_a_lost_run_is_in_the_catalog_until_one_ends(world: World):
    world.publish(ORDERS[: ORDERS.index("customProperties:\n  - property: assaySch")])
    request_run(world.store, KEY, by=ADMIN, clock=world.clock)
    with world.store.write() as shelf:
        now = world.clock()
        shelf.runs.claim(1, owner="dead", now=now, lease_until=now + timedelta(seconds=9))
    world.pace = Pace(attempts=1)
    world.clock.pass_(minutes=1)
    world.reap()
    lost = listed(world, State.ERRORED)
    request_run(world.store, KEY, by=ADMIN, clock=world.clock)
    world.drain()

    assert (lost, listed(world, State.ERRORED)) == ([KEY], [])
