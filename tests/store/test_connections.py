from pathlib import Path

from products.model import Connection, Database, Tls
from store.sql_store import SqlStore

_LAKE = Connection(name="lake", source="files", roots=(Path("/data/lake"), Path("/data/more")))
_BARE = Connection(name="bare", source="files")
_SALES = Connection(
    name="sales",
    source="postgresql",
    database=Database(
        host="db.example.org",
        port=6432,
        name="sales",
        user="assay",
        secret="env:SALES_PASSWORD",  # noqa: S106 - a reference
        tls=Tls.VERIFY_FULL,
    ),
)


def test_connections_are_kept_by_name(store: SqlStore):
    with store.write() as shelf:
        shelf.connections.put(_LAKE)
        shelf.connections.put(_BARE)

    with store.read() as shelf:
        assert shelf.connections.get("lake") == _LAKE
        assert shelf.connections.get("nosuch") is None
        assert shelf.connections.all() == (_BARE, _LAKE)


def test_a_connection_of_the_same_name_replaces(store: SqlStore):
    moved = Connection(name="lake", source="files", roots=(Path("/elsewhere"),))
    with store.write() as shelf:
        shelf.connections.put(_LAKE)
        shelf.connections.put(moved)

    with store.read() as shelf:
        assert shelf.connections.all() == (moved,)


def test_a_way_to_a_database_is_kept_whole(store: SqlStore):
    bare = Connection(name="b", source="postgresql", database=Database(host="db", name="sales"))
    with store.write() as shelf:
        shelf.connections.put(_SALES)
        shelf.connections.put(bare)

    with store.read() as shelf:
        assert shelf.connections.all() == (bare, _SALES)


def test_files_take_the_place_of_a_database(store: SqlStore):
    files = Connection(name="sales", source="files", roots=(Path("/data"),))
    with store.write() as shelf:
        shelf.connections.put(_SALES)
        shelf.connections.put(files)

    with store.read() as shelf:
        assert shelf.connections.get("sales") == files
