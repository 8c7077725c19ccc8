from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from cli.options import settings
from cli.probes import database
from cli.probes.finding import State
from runtime.clock import now
from store.engine import create_store_engine
from store.errors import StoreUnavailable
from tests.cast import ADMIN, Clock, Judge
from tests.usecases.world import World
from usecases.health import PARTS, Health
from usecases.request_run import request_run

URL = "sqlite:////nowhere/assay.db"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def here(store, tmp_path):
    return settings(data=tmp_path)


def test_a_database_of_this_release_is_fine(here):
    found = database.revision(here)

    assert found.state is State.OK
    assert found.detail.startswith("of this release (schema ")


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


def test_the_newest_sign_of_life_is_told(here, store):
    with store.write() as shelf:
        for part in PARTS:
            shelf.heartbeats.beat(part, now() - timedelta(seconds=3))

    assert database.heartbeats(here).detail.startswith("alive, last sign of life 3 s ago")


def test_a_queue_that_moves_is_fine(here):
    found = database.queue(here)

    assert (found.state, found.detail) == (State.OK, "0 runs wait, 0 are being judged")


def test_a_run_that_waits_long_is_told_with_what_to_do(here, store):
    old = Clock(now() - timedelta(minutes=10))
    world = World(store=store, clock=old, judge=Judge(old))
    world.publish()
    request_run(store, "sales.orders", by=ADMIN, clock=old)

    found = database.queue(here)

    assert found.state is State.WARN
    assert found.detail.startswith("1 runs wait, 0 are being judged, the oldest for 600 s")
    assert "scheduler and workers" in found.advice


def test_one_machine_has_one_clock(here):
    assert database.clocks(here).detail == "one machine, one clock"


@pytest.mark.parametrize(
    ("ahead", "state"), [(0.2, State.OK), (90.0, State.WARN), (-90.0, State.WARN)]
)
def test_a_server_with_another_time_is_told(here, monkeypatch, ahead, state):
    served = here.model_copy(update={"database_url": SecretStr("postgresql+psycopg://db/assay")})
    clock = lambda: now() + timedelta(seconds=ahead)  # noqa: E731 - a clock
    monkeypatch.setattr("cli.probes.database.existing_engine", lambda _: create_store_engine(URL))
    monkeypatch.setattr("cli.probes.database.create_clock", lambda *_: clock)

    found = database.clocks(served)

    assert found.state is state
    assert ("behind" in found.detail) == (ahead < 0)


def test_nothing_is_known_of_a_queue_without_a_database(tmp_path):
    assert database.queue(settings(data=tmp_path)).state is State.WARN
    assert database.clocks(settings(data=tmp_path)).state is State.WARN
