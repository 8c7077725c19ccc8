from datetime import timedelta

from store.sql_store import SqlStore
from tests.store.build import MINUTE, NOON, publish


def published(store: SqlStore) -> None:
    with store.write() as shelf:
        publish(shelf)
        publish(shelf, contract_id="staff", key="hr.staff")


def stale(store: SqlStore, at, limit: int = 10):
    with store.read() as shelf:
        return dict(shelf.watches.stale(at, limit=limit))


def test_products_never_looked_at_are_stale(any_store: SqlStore):
    published(any_store)

    assert stale(any_store, NOON) == {"hr.staff": None, "sales.orders": None}
    assert len(stale(any_store, NOON, limit=1)) == 1


def test_a_look_counts_once_and_until_the_next_is_due(any_store: SqlStore):
    published(any_store)

    with any_store.write() as shelf:
        assert shelf.watches.look("sales.orders", last=None, now=NOON)
        assert not shelf.watches.look("sales.orders", last=None, now=NOON)

    assert stale(any_store, NOON - timedelta(seconds=1)) == {"hr.staff": None}
    assert stale(any_store, NOON) == {"hr.staff": None, "sales.orders": NOON}


def test_who_looks_later_than_somebody_else_has_not_looked(any_store: SqlStore):
    published(any_store)
    with any_store.write() as shelf:
        shelf.watches.look("sales.orders", last=None, now=NOON)

    with any_store.write() as shelf:
        first = shelf.watches.look("sales.orders", last=NOON, now=NOON + MINUTE)
        second = shelf.watches.look("sales.orders", last=NOON, now=NOON + MINUTE)

    assert (first, second) == (True, False)
