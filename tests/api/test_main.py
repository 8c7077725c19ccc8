import logging

import pytest

from api.main import create
from tests.api.guests import Guest


@pytest.fixture(autouse=True)
def _no_alarm(monkeypatch):
    """No thread of the process outlives its test."""
    monkeypatch.setenv("ASSAY_DEAD_MAN_MINUTES", "0")


@pytest.fixture
def _logs():
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.usefixtures("_logs")
def test_the_process_is_built_from_the_environment(monkeypatch, database: str):
    monkeypatch.setenv("ASSAY_DATABASE_URL", database)

    made = Guest(create(), "assay_unknown")

    assert made.get("/health/live").json() == {"status": "alive"}
    assert made.get("/api/v1/products").status_code == 401


@pytest.mark.usefixtures("_logs")
def test_the_process_ends_with_its_supervisor(monkeypatch, database: str):
    watched: list[int | None] = []
    monkeypatch.setattr("api.main.end_with", watched.append)
    monkeypatch.setenv("ASSAY_DATABASE_URL", database)
    monkeypatch.setenv("ASSAY_SUPERVISOR", "4711")

    create()

    assert watched == [4711]


@pytest.mark.usefixtures("_logs")
def test_the_process_looks_whether_the_engine_lives(monkeypatch, database: str):
    watched: list[object] = []
    monkeypatch.setattr("api.main.watch_engine", lambda *given: watched.append(given))
    monkeypatch.setenv("ASSAY_DATABASE_URL", database)

    create()

    assert len(watched) == 1
