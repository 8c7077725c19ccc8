from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.embedded import Started, embedded
from runtime.settings import Settings
from store.engine import create_store_engine
from store.sql_store import SqlStore
from tests.sockets import free_port
from tests.worker.service import ROWS


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path / "data",
        port=free_port(),
        lease_seconds=2,
        attempts=5,
        concurrency=1,
        threads=1,
    )


@pytest.fixture
def service(settings: Settings, tmp_path: Path) -> Iterator[Started]:
    """The embedded service with connection ``local`` on a folder that holds ``numbers.csv``."""
    lake = tmp_path / "lake"
    lake.mkdir()
    numbers = "\n".join(str(number) for number in range(ROWS))
    (lake / "numbers.csv").write_text(f"id\n{numbers}\n")
    with embedded(settings, (lake,)) as started:
        yield started


@pytest.fixture
def kept(settings: Settings, service: Started) -> SqlStore:
    """The service's own database."""
    return SqlStore(create_store_engine(settings.database))
