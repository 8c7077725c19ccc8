import pytest

from access.errors import Forbidden
from checks.model import Outcome
from contracts.errors import InvalidContract
from tests.cast import ADMIN, NOON, ORDERS, PRODUCER, STRANGER, VIEWER
from tests.usecases.world import World
from usecases.errors import Conflict
from usecases.history import document, list_versions
from usecases.publish import publish

SECOND = ORDERS.replace("version: 1.0.0", "version: 1.1.0")


def test_publishing_makes_product_version_clauses_and_schedule(world: World):
    done = world.publish()

    assert done.created
    assert done.version.product == "sales.orders"
    assert (done.clauses, done.executable) == (10, 9)
    assert done.next_run is not None
    assert (done.next_run - NOON).total_seconds() == 10
    with world.store.read() as shelf:
        assert shelf.products.receivers("sales.orders")[0] == ("email", "desk@example.org")
        assert shelf.audit.all()[-1][0].action == "contract.publish"


def test_the_bytes_are_the_record(world: World):
    world.publish()

    version, body = document(world.store, "orders", by=VIEWER)

    assert body == ORDERS.encode()
    assert version.media_type == "application/yaml"


def test_the_same_bytes_again_change_nothing(world: World):
    world.publish()
    world.clock.pass_(seconds=60)

    again = world.publish()

    assert not again.created
    assert again.version.published_at == NOON
    assert len(list_versions(world.store, "orders", by=VIEWER)) == 1


def test_the_same_version_with_other_bytes_is_refused(world: World):
    world.publish()

    with pytest.raises(Conflict, match="raise the version") as caught:
        world.publish(ORDERS + "# changed\n")

    assert caught.value.code == "version-exists"


def test_a_lower_version_is_refused(world: World):
    world.publish(SECOND)

    with pytest.raises(Conflict, match=r"1\.0\.0 .* is lower than 1\.1\.0"):
        world.publish(ORDERS)


def test_a_new_version_becomes_current_and_the_old_one_stays(world: World):
    world.publish()
    world.publish(SECOND)

    versions = list_versions(world.store, "orders", by=VIEWER)

    assert [(v.version, v.current) for v in versions] == [("1.1.0", True), ("1.0.0", False)]
    assert document(world.store, "orders", by=VIEWER, version="1.0.0")[1] == ORDERS.encode()


def test_a_document_that_is_no_contract_is_refused_with_every_problem(world: World):
    with pytest.raises(InvalidContract) as caught:
        publish(world.store, b"id: x\nkind: Nothing\n", by=ADMIN, clock=world.clock)

    assert len(caught.value.problems) > 1


def test_only_a_producer_of_the_domain_may_publish(world: World):
    for stranger in (VIEWER, STRANGER):
        with pytest.raises(Forbidden, match="may not publish"):
            publish(world.store, ORDERS.encode(), by=stranger, clock=world.clock)

    assert publish(world.store, ORDERS.encode(), by=PRODUCER, clock=world.clock).created


def test_a_contract_cannot_be_taken_away_from_its_domain(world: World):
    world.publish()
    moved = SECOND.replace("domain: sales", "domain: logistics")

    with pytest.raises(Forbidden):
        publish(world.store, moved.encode(), by=STRANGER, clock=world.clock)


def test_without_a_schedule_none_is_kept(world: World):
    world.publish()

    done = world.publish(SECOND.split("customProperties:\n  - property: assaySchedule")[0])

    assert done.next_run is None
    with world.store.read() as shelf:
        assert shelf.schedules.of("orders") is None


def test_dropping_a_clause_while_it_fails_is_remembered(world: World):
    world.publish()
    world.judge.said = {"/status/enum": Outcome.FAILED}
    world.pass_time()

    world.publish(SECOND.replace("        enum: [{value: open}, {value: done}]\n", ""))

    with world.store.read() as shelf:
        dropped = [s for s in shelf.standings.standing("sales.orders") if s.dropped_at]
    assert [s.key for s in dropped] == ["/schema/orders/properties/status/enum"]


def test_warnings_are_handed_on(world: World):
    nameless = ORDERS.replace("      - id: some-rows\n        metric", "      - metric")

    assert [p.code for p in world.publish(nameless).warnings] != []


ALIKE = ORDERS.replace("id: orders", "id: taker").replace(
    "dataProduct: orders", "dataProduct: Orders!"
)


def test_a_name_that_is_spelt_alike_takes_no_product_over(world: World):
    world.publish()

    with pytest.raises(Conflict, match="belongs to the product 'orders' of the domain") as caught:
        world.publish(ALIKE)

    assert caught.value.code == "product-taken"
    with world.store.read() as shelf:
        assert [port.contract_id for port in shelf.products.ports("sales.orders")] == ["orders"]


def test_a_domain_that_is_spelt_alike_gives_no_right_to_the_product(world: World):
    world.publish()

    with pytest.raises(Conflict, match="product 'orders' of the domain 'sales'"):
        world.publish(ALIKE.replace("Orders!", "orders").replace("domain: sales", "domain: Sales"))


def test_a_second_contract_may_be_a_port_of_the_same_product(world: World):
    world.publish()

    done = world.publish(ALIKE.replace("Orders!", "orders"))

    assert done.version.product == "sales.orders"
