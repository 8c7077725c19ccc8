from datetime import UTC, datetime

import pytest

from cli.options import settings
from cli.probes import database
from cli.probes.finding import State
from store.errors import StoreUnavailable
from usecases.health import Health

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def here(store, tmp_path):
    return settings(data=tmp_path)


def test_a_database_of_this_release_is_fine(here):
    assert database.revision(here).state is State.OK


def test_no_database_yet_is_told(tmp_path):
    assert database.revision(settings(data=tmp_path)).state is State.WARN
    assert database.heartbeats(settings(data=tmp_path)).state is State.WARN


def test_one_of_another_release_fails(tmp_path):
    (tmp_path / "assay.db").touch()

    found = database.revision(settings(data=tmp_path))

    assert (found.state, found.advice) == (State.FAIL, "run 'assay migrate'")


def test_one_that_cannot_be_read_fails(here, monkeypatch):
    def broken(_):
        raise StoreUnavailable("disk I/O error")

    monkeypatch.setattr("cli.probes.database.pending", broken)

    found = database.revision(here)

    assert (found.state, found.detail) == (State.FAIL, "disk I/O error")


def test_parts_that_never_gave_a_sign_of_life_are_named(here):
    found = database.heartbeats(here)

    assert found.state is State.WARN
    assert found.detail == "no sign of life: engine never, outbox never"


@pytest.mark.parametrize(
    ("health", "state", "detail"),
    [
        (Health(silent={}, dead_letters=0), State.OK, "alive"),
        (Health(silent={}, dead_letters=2), State.WARN, "alive, but 2 notices were given up"),
        (
            Health(silent={"engine": NOON}, dead_letters=0),
            State.WARN,
            "no sign of life: engine last 2026-11-20 12:00:00 UTC",
        ),
    ],
)
def test_health_is_told_as_it_is(here, monkeypatch, health, state, detail):
    monkeypatch.setattr("cli.probes.database.health", lambda *_, **__: health)

    found = database.heartbeats(here)

    assert (found.state, found.detail) == (state, detail)
