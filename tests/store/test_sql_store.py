from sqlalchemy import Engine

from store.sql_store import SqlStore
from usecases.ports import Shelf, Store


def _fits(store: Store) -> Store:
    """Held by the type checker: an ``SqlStore`` is a ``Store`` with all that hangs on it."""
    return store


def test_it_is_the_store_that_the_verbs_ask_for(engine: Engine):
    store = _fits(SqlStore(engine))

    with store.read() as shelf:
        groups = {name for name in vars(Shelf) if not name.startswith("_")}
        assert groups
        for name in groups:
            assert getattr(shelf, name) is getattr(shelf, name)
