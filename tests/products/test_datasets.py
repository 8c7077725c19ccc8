from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.model import Contract, Schema, Server
from products.datasets import Dataset, candidates, promised
from products.model import Connection, Database

LAKE = Connection(name="lake", source="files", roots=(Path("/srv/lake"), Path("/mnt")))
SHOP = Connection(
    name="shop", source="postgresql", database=Database(host="DB.example.org", name="shop")
)
CONNECTIONS = (LAKE, SHOP)


def _contract(**server) -> Contract:
    given = {"pointer": "/servers/0", "name": "s", "type": "local", "connection": "lake"}
    return Contract(
        id="orders",
        version="1.0.0",
        api_version="v3.2.0",
        status="active",
        product="orders",
        schemas=(Schema(pointer="/schema/0", name="Orders", physical_name="orders"),),
        servers=(Server(**{**given, **server}),),
    )


def _meet(contract: Contract, namespace: str, name: str, custom=None) -> bool:
    return bool(promised(contract, custom) & candidates(namespace, name, CONNECTIONS))


@pytest.mark.parametrize(
    ("path", "name", "meets"),
    [
        ("{model}.csv", "/srv/lake/orders.csv", True),
        ("{model}.csv", "/mnt/orders.csv", True),
        ("{model}.csv", "/srv/lake/lines.csv", False),
        ("{model}.csv", "/elsewhere/orders.csv", False),
        ("/srv/lake/{model}.csv", "/srv/lake/orders.csv", True),
        ("raw/{model}", "/srv/lake/raw/orders", True),
        ("raw/{model}/", "/srv/lake/raw/orders/day=1/part-0.parquet", True),
        ("raw/{model}/*.csv", "/srv/lake/raw/orders/1.csv", True),
        ("raw/{model}/*.csv", "/srv/lake/raw/lines/1.csv", False),
        ("*.csv", "/srv/lake/1.csv", False),
        ("{model}.csv", "/srv/lake/x/../orders.csv", False),
        (None, "/srv/lake", False),
    ],
)
def test_a_file_is_met_by_its_place_below_a_root_of_the_connection(path, name, meets):
    assert _meet(_contract(path=path), "file", name) is meets


@pytest.mark.parametrize(
    ("namespace", "name", "meets"),
    [
        ("postgres://db.example.org:5432", "shop.public.orders", True),
        ("postgresql://db.example.org", "shop.public.orders", True),
        ("postgres://db.example.org:5433", "shop.public.orders", False),
        ("postgres://other.example.org:5432", "shop.public.orders", False),
        ("postgres://db.example.org:5432", "crm.public.orders", False),
        ("postgres://db.example.org:5432", "shop.sales.orders", False),
        ("postgres://db.example.org:5432", "shop.orders", False),
        ("mysql://db.example.org:5432", "shop.public.orders", False),
    ],
)
def test_a_table_is_met_by_server_database_schema_and_name(namespace, name, meets):
    contract = _contract(type="postgresql", connection="shop")

    assert _meet(contract, namespace, name) is meets


def test_the_schema_of_the_server_entry_counts():
    contract = _contract(type="postgresql", connection="shop", options={"schema": "sales"})

    assert _meet(contract, "postgres://db.example.org:5432", "shop.sales.orders")


@pytest.mark.parametrize("value", ["s3://landing/raw/orders", ["x", " s3://landing/raw/orders "]])
def test_a_name_that_the_contract_states_is_met_as_it_stands(value):
    custom = [{"property": "other", "value": "s3://no"}]
    custom.append({"property": "openLineageDataset", "value": value})

    assert _meet(_contract(connection=None), "s3://landing", "raw/orders", custom)


@pytest.mark.parametrize("custom", [None, {}, [1], [{"property": "openLineageDataset"}], "text"])
def test_what_states_no_name_promises_none(custom):
    assert promised(_contract(connection=None), custom) == frozenset()


@given(st.text(), st.text())
def test_whatever_it_is_called_it_is_a_candidate_by_its_own_name(namespace: str, name: str):
    stated = Dataset(connection="", name=f"{namespace}/{name}")

    assert stated in candidates(namespace, name, CONNECTIONS)
