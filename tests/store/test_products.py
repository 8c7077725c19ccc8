from dataclasses import replace

from products.model import Port
from store.sql_store import SqlStore
from tests.store.build import product, publish

_ANN, _BOB = ("email", "ann@example.org"), ("email", "bob@example.org")


def test_a_product_is_kept_and_changed(published: SqlStore):
    changed = replace(product(), purpose="to sell more", owner=None)
    with published.write() as shelf:
        before = shelf.products.get("sales.orders")
        shelf.products.put(
            changed, Port(product=changed.key, name="main", contract_id="orders"), []
        )

    with published.read() as shelf:
        assert before == product()
        assert shelf.products.get("sales.orders") == changed
        assert shelf.products.get("nosuch") is None


def test_a_contract_has_one_port(published: SqlStore):
    renamed = Port(product="sales.orders", name="renamed", contract_id="orders")
    with published.write() as shelf:
        shelf.products.put(product(), renamed, [])

    with published.read() as shelf:
        assert shelf.products.port_of("orders") == renamed
        assert shelf.products.ports("sales.orders") == (renamed,)
        assert shelf.products.port_of("nosuch") is None


def test_ports_of_equal_name_are_kept_apart(published: SqlStore):
    with published.write() as shelf:
        publish(shelf, contract_id="lines")
        for contract_id in ("orders", "lines"):
            port = Port(product="sales.orders", name="same", contract_id=contract_id)
            shelf.products.put(product(), port, [])

    with published.read() as shelf:
        ports = shelf.products.ports("sales.orders")
        assert [port.contract_id for port in ports] == ["lines", "orders"]


def test_receivers_are_told_once_over_all_ports(published: SqlStore):
    with published.write() as shelf:
        publish(shelf, contract_id="lines")
        for contract_id, receivers in (("orders", [_BOB, _ANN, _BOB]), ("lines", [_ANN])):
            port = Port(product="sales.orders", name=contract_id, contract_id=contract_id)
            shelf.products.put(product(), port, receivers)

    with published.read() as shelf:
        assert shelf.products.receivers("sales.orders") == (_BOB, _ANN)
        assert shelf.products.receivers("nosuch") == ()


def test_receivers_of_a_port_are_replaced(published: SqlStore):
    port = Port(product="sales.orders", name="orders", contract_id="orders")
    with published.write() as shelf:
        shelf.products.put(product(), port, [_BOB])

    with published.read() as shelf:
        assert shelf.products.receivers("sales.orders") == (_BOB,)


def test_products_come_in_pages_by_key(store: SqlStore):
    with store.write() as shelf:
        for key in ("b.x", "a.y", "a.x"):
            publish(shelf, contract_id=key, key=key)

    with store.read() as shelf:
        first, rest = (shelf.products.page(after=after, limit=2) for after in ("", "a.y"))

    assert [found.key for found in first] == ["a.x", "a.y"]
    assert [found.key for found in rest] == ["b.x"]


def test_a_product_can_be_held(published: SqlStore):
    with published.write() as shelf:
        shelf.products.lock("sales.orders")
        shelf.products.lock("nosuch")

        assert shelf.products.get("sales.orders") is not None
