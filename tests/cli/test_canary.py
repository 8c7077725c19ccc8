"""A secret that a connection refers to turns up nowhere: not when it fits, nor when it does not."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from typing_extensions import override

from api.app import create_app
from checks import sources
from checks.location import Limits
from cli import client
from runtime.secret import read_secret
from runtime.settings import Settings
from runtime.traces import Tracing, Untraced
from tests.api.guests import Guest, Sampler
from tests.cast import ADMIN, ORDERS
from tests.runtime.test_traces import exporter, tracing
from tests.usecases.database import PASSWORD, PLACE
from tests.usecases.world import World
from usecases.execute_run import Executor
from usecases.judge import judge_with
from usecases.tokens import create_token
from worker.watched import watched_judge

__all__ = ["exporter", "tracing"]
WRONG = "wrong-sesame-canary"
DATABASE = ("--source", "postgresql", "--host", "db.example.org", "--database", "sales")


@dataclass
class RealJudge(World):
    """A world whose runs read what connections lead to, and are watched."""

    tracing: Tracing = field(default_factory=Untraced)

    @override
    def executor(self) -> Executor:
        judge = watched_judge(self.tracing, judge_with(Limits(), self.clock))
        return replace(super().executor(), judge=judge, secrets=read_secret)


@pytest.fixture
def guest(store, clock, monkeypatch, tmp_path, tracing) -> Guest:
    """An administrator of a real service, behind the command line, too."""
    monkeypatch.setattr("api.app.build_tracing", lambda _: tracing)
    secret = create_token(store, ADMIN, by=ADMIN, clock=clock)[1]
    guest = Guest(create_app(store, Settings(), clock), secret)
    real = client.create_http
    monkeypatch.setenv("ASSAY_TOKEN", secret)
    monkeypatch.setitem(sources._SOURCES, "postgresql", PLACE)
    (tmp_path / "orders.yaml").write_text(ORDERS.replace("value: lake", "value: sales"))

    def create(read):
        http = real(read)
        http._transport = guest._transport
        return http

    monkeypatch.setattr("cli.client.create_http", create)
    return guest


@pytest.fixture
def world(store, clock, monkeypatch, tracing) -> World:
    """The same service's workers, which judge while somebody waits for a run."""
    world = RealJudge(store=store, clock=clock, judge=Sampler(clock), tracing=tracing)
    monkeypatch.setattr("cli.watch.time.sleep", lambda _: world.drain())
    return world


@pytest.fixture
def logged(caplog, logs) -> Callable[[], str]:
    """All that was logged so far."""
    caplog.set_level(logging.DEBUG)
    return lambda: f"{caplog.text}\n{logs}"


@pytest.fixture
def reference(request, monkeypatch, tmp_path) -> str:
    """Where a secret lies that is given as ``kind`` and text."""
    kind, secret = request.param
    if kind == "env":
        monkeypatch.setenv("SALES_PASSWORD", secret)
        return "env:SALES_PASSWORD"
    (tmp_path / "secret").write_text(secret)
    return f"file:{tmp_path / 'secret'}"


@pytest.mark.parametrize(
    "reference",
    [("env", PASSWORD), ("file", PASSWORD), ("env", WRONG), ("file", f"{WRONG}\n")],
    indirect=True,
)
def test_a_secret_turns_up_nowhere(assay, guest, world, reference, logged, exporter):
    said = [
        assay("connection", "add", "sales", *DATABASE, "--user", "assay", "--secret", reference),
        assay("connection", "test", "sales"),
        assay("connection", "test", "sales", "--format", "json"),
        assay("connection", "list"),
        assay("publish", "orders.yaml"),
        assay("run", "sales.orders", "--watch"),
        assay("scorecard", "sales.orders"),
        assay("incidents"),
    ]
    paths = (
        "connections",
        "connections/sales",
        "runs/1",
        "runs/1/results",
        "products/sales.orders",
    )
    answers = [guest.get(f"/api/v1/{path}").text for path in paths]
    answers += [guest.get("/metrics").text, repr(exporter.get_finished_spans())]
    answers += [span.to_json() for span in exporter.get_finished_spans()]
    with world.store.read() as shelf:
        kept = [repr(shelf.connections.all()), repr(shelf.audit.all())]
        kept += [repr(shelf.runs.results(1)), repr(shelf.runs.get(1))]

    everything = "\n".join([repr(said), *answers, *kept, logged()])
    assert said[1].status == (0 if _fits(reference) else 4)
    assert said[5].status == 4
    assert reference in everything
    assert "canary" not in everything


def _fits(reference: str) -> bool:
    return read_secret(reference) == PASSWORD


@pytest.mark.parametrize("reference", [("env", PASSWORD)], indirect=True)
def test_a_secret_is_in_no_byte_of_the_database(assay, guest, reference, database):
    assay("connection", "add", "sales", *DATABASE, "--secret", reference)
    assay("connection", "test", "sales")

    kept = b"".join(path.read_bytes() for path in _files_of(database))
    assert b"SALES_PASSWORD" in kept
    assert PASSWORD.encode() not in kept


def _files_of(database: str) -> list[Path]:
    path = Path(database.removeprefix("sqlite:///"))
    return sorted(path.parent.glob(f"{path.name}*"))
