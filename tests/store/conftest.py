import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.engine import create_store_engine
from store.migrate import migrate
from store.sql_store import SqlStore
from tests.store.anywhere import emptied, on_postgresql, on_sqlite
from tests.store.build import publish


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database, to be copied."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    migrate(create_store_engine(f"sqlite:///{path}"))
    return path


@pytest.fixture
def engine(migrated: Path, tmp_path: Path) -> Engine:
    shutil.copy(migrated, tmp_path / "assay.db")
    return create_store_engine(f"sqlite:///{tmp_path / 'assay.db'}")


@pytest.fixture
def store(engine: Engine) -> SqlStore:
    return SqlStore(engine)


@pytest.fixture(scope="session")
def server() -> Iterator[Engine]:
    """A migrated PostgreSQL, for all tests of this process."""
    with on_postgresql() as engine:
        yield engine


@pytest.fixture
def store_anywhere(request: pytest.FixtureRequest, migrated: Path, tmp_path: Path) -> SqlStore:
    """An empty store on the database that ``request.param`` names, see ``anywhere.KINDS``."""
    if request.param == "sqlite":
        return on_sqlite(migrated, tmp_path / "anywhere.db")
    return emptied(request.getfixturevalue("server"))


@pytest.fixture
def published(store: SqlStore) -> SqlStore:
    """A store in which contract ``orders`` of ``sales.orders`` is published, without clauses."""
    with store.write() as shelf:
        publish(shelf)
    return store
