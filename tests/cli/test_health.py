from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from typing_extensions import override

from runtime.clock import now
from store.sql_store import SqlStore
from tests.sockets import free_port


class Alive(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    @override
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def beating(store: SqlStore, tmp_path, monkeypatch):
    """A database in which both halves of an engine have just given a sign of life."""
    monkeypatch.setenv("ASSAY_DATA", str(tmp_path))
    with store.write() as shelf:
        for part in ("engine", "outbox"):
            shelf.heartbeats.beat(part, now())


@pytest.mark.enable_socket
@pytest.mark.parametrize(("status", "ended"), [(200, 0), (500, 5)])
def test_an_api_is_well_when_it_answers_here(assay, monkeypatch, status, ended):
    monkeypatch.setattr(Alive, "status", status)
    server = HTTPServer(("127.0.0.1", 0), Alive)
    Thread(target=server.handle_request, daemon=True).start()
    monkeypatch.setenv("ASSAY_HOST", "0.0.0.0")  # noqa: S104 - asked for on loopback
    monkeypatch.setenv("ASSAY_PORT", str(server.server_port))

    done = assay("health", "api")

    server.server_close()
    assert done.status == ended


@pytest.mark.enable_socket
def test_an_api_that_does_not_answer_is_one_line(assay, monkeypatch):
    monkeypatch.setenv("ASSAY_PORT", str(free_port()))

    done = assay("health", "api")

    assert done.status == 5
    assert "nothing answers at http://127.0.0.1:" in done.err


@pytest.mark.usefixtures("beating")
def test_a_scheduler_is_well_while_an_engine_lives(assay):
    done = assay("health", "scheduler", "--format", "json")

    assert (done.status, done.document) == (0, {"part": "scheduler", "well": True})


def test_a_scheduler_without_a_sign_of_life_is_not(assay, store, tmp_path, monkeypatch):
    monkeypatch.setenv("ASSAY_DATA", str(tmp_path))

    done = assay("health", "scheduler")

    assert done.status == 5
    assert "no sign of life of engine and outbox" in done.err


@pytest.mark.usefixtures("beating")
@pytest.mark.enable_socket
def test_a_worker_wants_its_broker_too(assay, monkeypatch):
    monkeypatch.setenv("ASSAY_BROKER_URL", f"redis://127.0.0.1:{free_port()}/0")

    done = assay("health", "worker")

    assert done.status == 4
    assert "the broker at ASSAY_BROKER_URL cannot be reached" in done.err


@pytest.mark.usefixtures("beating")
def test_a_worker_that_is_its_own_broker_has_it(assay):
    assert assay("health", "worker").status == 0
