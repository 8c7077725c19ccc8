from pathlib import Path

from products.model import Connection
from store.sql_store import SqlStore

_LAKE = Connection(name="lake", source="files", roots=(Path("/data/lake"), Path("/data/more")))
_BARE = Connection(name="bare", source="files")


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
