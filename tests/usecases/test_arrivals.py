from datetime import timedelta

import pytest

from access.errors import Forbidden
from runs.model import Interval, Trigger
from tests.cast import NOON, ORDERS, OWNER, PRODUCER, STRANGER, VIEWER
from tests.usecases.world import World
from usecases.arrivals import Arrival, data_arrived
from usecases.errors import NotFound

LINES = ORDERS.replace("id: orders\nname: orders", "id: lines\nname: lines", 1).replace(
    "  - name: orders\n", "  - name: lines\n"
)
HOUR = timedelta(hours=1)
ALL = Arrival(product="sales.orders")


def _told(world: World, arrival: Arrival, key: str | None = None):
    return data_arrived(world.store, arrival, by=PRODUCER, key=key, clock=world.clock)


def test_an_arrival_queues_a_run_of_each_contract_of_the_product(world: World):
    world.publish()
    world.publish(LINES)

    runs = _told(world, ALL)

    assert [run.contract_id for run in runs] == ["lines", "orders"]
    assert {(run.trigger, run.cause, run.interval) for run in runs} == {
        (Trigger.EVENT, "paul", Interval.up_to(NOON))
    }


def test_an_arrival_of_a_contract_or_of_objects_queues_what_it_is_about(world: World):
    world.publish()
    world.publish(LINES)

    of_contract = _told(world, Arrival(contract="lines"))
    of_object = _told(world, Arrival(product="sales.orders", objects=("orders",)))

    assert [run.contract_id for run in of_contract] == ["lines"]
    assert [run.contract_id for run in of_object] == ["orders"]


def test_what_is_not_there_is_told_with_what_is_meant(world: World):
    world.publish()

    with pytest.raises(NotFound, match=r"no product 'sales.order'.*'sales.orders'"):
        _told(world, Arrival(product="sales.order"))
    with pytest.raises(NotFound, match=r"no contract 'order'.*'orders'"):
        _told(world, Arrival(contract="order"))
    with pytest.raises(NotFound, match=r"no object 'ordres'.*'orders'"):
        _told(world, Arrival(contract="orders", objects=("ordres",)))


def test_only_who_may_run_the_product_may_tell(world: World):
    world.publish()

    for nobody in (VIEWER, STRANGER):
        with pytest.raises(Forbidden):
            data_arrived(world.store, ALL, by=nobody, clock=world.clock)


def test_a_slice_is_kept_and_an_end_ahead_by_a_little_is_now(world: World):
    world.publish()

    (run,) = _told(world, Arrival(contract="orders", start=NOON - HOUR, end=NOON + HOUR / 100))

    assert run.interval == Interval(start=NOON - HOUR, end=NOON)


def test_the_same_key_is_the_same_arrival_for_the_same_slice(world: World):
    world.publish()
    arrival = Arrival(contract="orders", start=NOON - HOUR, end=NOON)
    other = Arrival(contract="orders", start=NOON - 2 * HOUR, end=NOON - HOUR)

    first, again = (_told(world, arrival, "k")[0].id for _ in range(2))
    world.pass_time()

    assert again == first == _told(world, arrival, "k")[0].id
    assert _told(world, other, "k")[0].id != first


def test_arrivals_by_hand_and_by_pipeline_are_judged_once(world: World):
    world.publish()
    for by in (OWNER, PRODUCER, PRODUCER):
        world.clock.pass_(seconds=1)
        data_arrived(world.store, ALL, by=by, clock=world.clock)

    assert world.drain() == [True]
    with world.store.read() as shelf:
        (run,) = shelf.runs.page(product=None, before=None, limit=9)
    assert (run.triggers, run.outcome) == (3, "passed")
    assert run.interval == Interval.up_to(NOON + timedelta(seconds=3))
