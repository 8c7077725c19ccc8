from pathlib import Path

import pytest

from contracts.model import Contract
from contracts.parse import parse
from products.model import Connection
from store.sql_store import SqlStore
from tests.cast import ADMIN, NOON, ORDERS, VIEWER, Clock
from usecases.connections import get_connection, list_connections, put_connection
from usecases.errors import NotFound, Unlocatable
from usecases.locate import choose_server, locate, locate_locally

HERE = Path("/data/here")
SECOND = """\
servers:
  - {server: warehouse, type: postgresql, host: db, port: 5432, database: d, schema: s}
"""


def contract(text: str = ORDERS) -> Contract:
    return parse(text.encode())


def test_the_service_reads_below_the_roots_of_the_named_connection(store: SqlStore):
    sea = Connection(name="lake", source="files", roots=(HERE,))
    put_connection(store, sea, by=ADMIN, clock=Clock(NOON))

    with store.read() as shelf:
        location = locate(contract(), shelf.connections)

    assert (location.source, location.roots) == ("files", (HERE,))
    assert (location.path, location.format) == ("{model}.csv", "csv")
    assert list_connections(store, by=ADMIN) == (sea,)


def test_where_a_connection_leads_is_for_administrators(store: SqlStore):
    lake = Connection(name="lake", source="files", roots=(HERE,))
    put_connection(store, lake, by=ADMIN, clock=Clock(NOON))

    assert get_connection(store, "lake", by=VIEWER).roots == ()
    assert list_connections(store, by=VIEWER)[0].roots == ()
    assert get_connection(store, "lake", by=ADMIN) == lake


def test_an_unknown_connection_is_named(store: SqlStore):
    with store.read() as shelf, pytest.raises(Unlocatable, match="no connection 'lake'"):
        locate(contract(), shelf.connections)
    with pytest.raises(NotFound, match="no connection 'lake'"):
        get_connection(store, "lake", by=ADMIN)


def test_a_contract_without_a_connection_says_what_to_write(store: SqlStore):
    bare = ORDERS.replace("      - property: connection\n        value: lake\n", "").replace(
        "    customProperties:\n", "", 1
    )

    with store.read() as shelf, pytest.raises(Unlocatable, match="property: connection"):
        locate(contract(bare), shelf.connections)


def test_a_local_check_reads_inside_the_folder():
    name, location = locate_locally(contract(), None, HERE)

    assert name == "lake"
    assert (location.source, location.roots) == ("files", (HERE,))


def test_an_unknown_server_is_refused_with_the_known_ones():
    with pytest.raises(NotFound, match="there is no server 'nowhere'; known: lake"):
        choose_server(contract(), "nowhere")


def test_a_named_server_is_chosen():
    assert choose_server(contract(), "lake").name == "lake"


def test_a_contract_without_servers_says_so():
    start, end = ORDERS.index("servers:"), ORDERS.index("schema:")

    with pytest.raises(Unlocatable, match="names no server"):
        choose_server(contract(ORDERS[:start] + ORDERS[end:]), None)


def test_a_server_of_another_kind_cannot_be_read_locally_yet():
    start, end = ORDERS.index("servers:"), ORDERS.index("schema:")

    with pytest.raises(Unlocatable, match="of type 'postgresql'"):
        locate_locally(contract(ORDERS[:start] + SECOND + ORDERS[end:]), None, HERE)
