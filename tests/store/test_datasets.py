import pytest

from products.datasets import Dataset
from store.sql_store import SqlStore
from tests.store.anywhere import KINDS
from tests.store.build import publish

_TABLE = Dataset(connection="warehouse", name="public.orders")
_OTHER = Dataset(connection="lake", name="public.orders")


@pytest.mark.parametrize("store_anywhere", KINDS, indirect=True)
def test_contracts_are_found_by_any_name_of_their_current_version(store_anywhere: SqlStore):
    with store_anywhere.write() as shelf:
        publish(shelf)
        publish(shelf, contract_id="lines")
        assert [found.contract_id for found in shelf.datasets.unread(limit=5)] == [
            "lines",
            "orders",
        ]
        shelf.datasets.put("orders", "1.0.0", {_TABLE})
        shelf.datasets.put("lines", "1.0.0", ())

        assert shelf.datasets.unread(limit=5) == ()
        assert shelf.datasets.contracts({_TABLE, _OTHER}) == ("orders",)
        assert shelf.datasets.contracts({_OTHER}) == ()


def test_a_new_version_is_unread_and_its_predecessors_names_are_forgotten(published: SqlStore):
    with published.write() as shelf:
        shelf.datasets.put("orders", "1.0.0", {_TABLE})
        publish(shelf, number="1.1.0")

        assert [found.version for found in shelf.datasets.unread(limit=5)] == ["1.1.0"]
        assert shelf.datasets.contracts({_TABLE}) == ()
        shelf.datasets.put("orders", "1.1.0", {_OTHER})
        assert shelf.datasets.contracts({_TABLE, _OTHER}) == ("orders",)


def test_a_version_without_names_is_found_by_none(published: SqlStore):
    with published.write() as shelf:
        shelf.datasets.put("orders", "1.0.0", ())

        assert shelf.datasets.contracts({Dataset(connection="", name="")}) == ()
