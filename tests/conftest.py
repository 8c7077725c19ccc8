import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import structlog.contextvars
import structlog.testing
import structlog.typing
from xdist.remote import Producer  # type: ignore[import-untyped]  # has no types

from store.engine import create_store_engine
from store.migrate import migrate
from store.sql_store import SqlStore
from tests.cast import Clock
from tests.checks.postgres import MARKS
from tests.databases import postgres_database
from tests.together import Together

CHROMIUM = "chromium"

# A busy machine must not turn a slow example into a failure; speed is held by the benchmarks.
hypothesis.settings.register_profile("assay", deadline=None)
hypothesis.settings.load_profile("assay")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    """Keep together what shares a browser or wants the machine for itself."""
    return Together(config, log)


@pytest.fixture(scope="session")
def _empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database, made once and copied for each test."""
    path = tmp_path_factory.mktemp("database") / "assay.db"
    migrate(create_store_engine(f"sqlite:///{path}"))
    return path


@pytest.fixture
def database(tmp_path: Path, _empty_database: Path) -> str:
    """URL of an SQLite database of the test's own, migrated and empty."""
    path = tmp_path / "assay.db"
    shutil.copy(_empty_database, path)
    return f"sqlite:///{path}"


@pytest.fixture
def store(database: str) -> SqlStore:
    return SqlStore(create_store_engine(database))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=MARKS)])
def any_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a migrated, empty database, once of each kind that the service can be kept in."""
    if request.param == "sqlite":
        yield request.getfixturevalue("database")
        return
    with postgres_database() as url:
        yield url


@pytest.fixture
def any_store(any_database: str) -> Iterator[SqlStore]:
    """The store, once on each kind of database."""
    engine = create_store_engine(any_database)
    yield SqlStore(engine)
    engine.dispose()


@pytest.fixture(autouse=True)
def _own_logs() -> Iterator[None]:
    """Whatever a test does to the process's logging ends with it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    structlog.contextvars.clear_contextvars()
    yield
    root.handlers[:], root.level = handlers, level
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()


@pytest.fixture
def logs() -> Iterator[list[structlog.typing.EventDict]]:
    """What is logged during the test, as events."""
    with structlog.testing.capture_logs() as events:
        yield events


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; its absence skips, or fails where ASSAY_REQUIRE_BROWSER is set."""
    path = shutil.which(CHROMIUM)
    if path is None:
        if os.environ.get("ASSAY_REQUIRE_BROWSER"):
            pytest.fail("Chromium is required here, and is not installed")
        pytest.skip("Chromium is not installed")
    return path
