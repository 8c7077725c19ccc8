from dataclasses import replace
from pathlib import Path

import pytest

from checks.location import Address, Location
from contracts.model import Contract, Server
from contracts.parse import parse
from contracts.values import Json
from products.model import Connection, Database
from store.sql_store import SqlStore
from tests.cast import ADMIN, NOON, ORDERS, VIEWER, Clock, Drawer
from tests.usecases.database import PASSWORD, SALES
from usecases.connections import get_connection, list_connections, put_connection
from usecases.errors import NotFound, Unlocatable
from usecases.locate import choose_connection, choose_server, locate, locate_locally

HERE = Path("/data/here")
SECOND = """\
  - {server: warehouse, type: postgresql, host: db, port: 5432, database: d, schema: s}
"""
BY_NAME = """\
  - server: warehouse
    type: postgresql
    host: attacker.example.org
    port: 1
    database: other
    schema: public
    environment: prod
    customProperties:
      - {property: connection, value: sales}
      - {property: user, value: mallory}
      - {property: password, value: x}
"""


def contract(text: str = ORDERS) -> Contract:
    return parse(text.encode())


def contract_with(servers: str) -> Contract:
    start, end = ORDERS.index("servers:"), ORDERS.index("schema:")
    return contract(f"{ORDERS[:start]}servers:\n{servers}{ORDERS[end:]}")


def contract_of(stated: dict[str, Json]) -> Contract:
    """A contract whose server entry says what no valid document could."""
    server = Server(pointer="/servers/0", name="warehouse", type="postgresql", options=stated)
    return replace(contract(), servers=(server,))


def located(store: SqlStore, found: Contract, drawer: Drawer) -> Location:
    with store.read() as shelf:
        server, connection = choose_connection(found, shelf.connections)
    return locate(server, connection, drawer)


def test_the_service_reads_below_the_roots_of_the_named_connection(store: SqlStore):
    sea = Connection(name="lake", source="files", roots=(HERE,))
    put_connection(store, sea, by=ADMIN, clock=Clock(NOON))

    location = located(store, contract(), Drawer())

    assert (location.source, location.roots) == ("files", (HERE,))
    assert (location.path, location.format) == ("{model}.csv", "csv")
    assert list_connections(store, by=ADMIN) == (sea,)


def test_a_database_is_asked_as_its_connection_says_whatever_the_contract_names(store: SqlStore):
    with store.write() as shelf:
        shelf.connections.put(SALES)

    location = located(store, contract_with(BY_NAME), Drawer(SALES=PASSWORD))

    assert location.source == "postgresql"
    assert location.address == Address(
        host="db.example.org",
        port=5432,
        database="sales",
        user="assay",
        password=PASSWORD,
        tls="prefer",
    )
    assert location.options == {"schema": "public", "environment": "prod"}
    assert PASSWORD not in repr(location)


def test_a_database_without_a_secret_is_asked_without_one(store: SqlStore):
    bare = Connection(name="sales", source="postgresql", database=Database(host="db", name="d"))
    with store.write() as shelf:
        shelf.connections.put(bare)

    address = located(store, contract_with(BY_NAME), Drawer()).address

    assert address == Address(host="db", port=5432, database="d", tls="prefer")


def test_a_secret_that_cannot_be_read_is_named_by_its_reference(store: SqlStore):
    with store.write() as shelf:
        shelf.connections.put(SALES)

    with pytest.raises(Unlocatable, match="'env:SALES' cannot be read: the drawer is empty"):
        located(store, contract_with(BY_NAME), Drawer())


def test_a_second_server_whose_connection_is_unknown_does_not_matter(store: SqlStore):
    with store.write() as shelf:
        shelf.connections.put(SALES)
    second = BY_NAME.replace("warehouse", "second").replace("value: sales", "value: nosuch")

    location = located(store, contract_with(BY_NAME + second), Drawer(SALES=PASSWORD))

    assert location.source == "postgresql"


def test_where_a_connection_leads_is_for_administrators(store: SqlStore):
    lake = Connection(name="lake", source="files", roots=(HERE,))
    put_connection(store, lake, by=ADMIN, clock=Clock(NOON))

    assert get_connection(store, "lake", by=VIEWER).roots == ()
    assert list_connections(store, by=VIEWER)[0].roots == ()
    assert get_connection(store, "lake", by=ADMIN) == lake


def test_an_unknown_connection_is_named(store: SqlStore):
    with pytest.raises(Unlocatable, match="no connection 'lake'"):
        located(store, contract(), Drawer())
    with pytest.raises(NotFound, match="no connection 'lake'"):
        get_connection(store, "lake", by=ADMIN)


def test_a_contract_without_a_connection_says_what_to_write(store: SqlStore):
    bare = ORDERS.replace("      - property: connection\n        value: lake\n", "").replace(
        "    customProperties:\n", "", 1
    )

    with pytest.raises(Unlocatable, match="property: connection"):
        located(store, contract(bare), Drawer())


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
    far = contract_with("  - {server: far, type: s3, location: 's3://x/y'}\n")

    with pytest.raises(Unlocatable, match="of type 's3'; only local files and PostgreSQL"):
        locate_locally(far, None, HERE)


def test_local_files_need_a_path():
    server = Server(pointer="/servers/0", name="here", type="custom")

    with pytest.raises(Unlocatable, match="server 'here' gives no path"):
        locate_locally(replace(contract(), servers=(server,)), None, HERE)


@pytest.mark.parametrize("type_", ["postgresql", "postgres"])
def test_a_database_is_read_locally_where_its_entry_says(type_: str):
    name, location = locate_locally(
        contract_with(SECOND.replace("postgresql", type_)), "warehouse", HERE
    )

    assert name == "warehouse"
    assert location == Location(
        source="postgresql",
        address=Address(host="db", port=5432, database="d"),
        options={"schema": "s"},
    )


def test_a_contract_gives_no_user_and_no_password_locally_either():
    location = locate_locally(contract_with(BY_NAME), None, HERE)[1]

    assert location.address == Address(host="attacker.example.org", port=1, database="other")
    assert location.options == {"schema": "public", "environment": "prod"}


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"database": "d"}, "gives no host; user and password come from PGUSER and PGPASSWORD"),
        ({"host": "db", "database": " "}, "gives no database; "),
        ({}, "gives no host and no database; "),
    ],
)
def test_a_database_without_a_place_says_what_is_lacking(stated: dict[str, Json], said: str):
    with pytest.raises(Unlocatable, match=f"server 'warehouse' {said}"):
        locate_locally(contract_of(stated), None, HERE)


def test_a_database_may_leave_its_port_to_the_client():
    found = locate_locally(contract_of({"host": "db", "database": "d"}), None, HERE)[1]

    assert found.address == Address(host="db", database="d")


@pytest.mark.parametrize("port", [0, 65536, "5432x", -1, "9999999999", "${PORT}", [5432]])
def test_a_port_that_is_none_is_told(port: Json):
    with pytest.raises(Unlocatable, match="1 to 65535 are ports"):
        locate_locally(contract_of({"host": "db", "database": "d", "port": port}), None, HERE)
