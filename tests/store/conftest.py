import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.engine import create_store_engine
from store.migrate import migrate
from store.sql_store import SqlStore
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


@pytest.fixture
def published(store: SqlStore) -> SqlStore:
    """A store in which contract ``orders`` of ``sales.orders`` is published, without clauses."""
    with store.write() as shelf:
        publish(shelf)
    return store
