import os
import re
import socket

import pytest
from pydantic import SecretStr

from cli.options import settings
from cli.probes import broker
from cli.probes.finding import State
from tests.sockets import free_port


def at(url: str):
    return settings().model_copy(update={"broker_url": SecretStr(url)})


def test_the_embedded_one_needs_nothing():
    assert broker.broker(at("memory://localhost/")).state is State.OK


def test_one_that_was_not_tested_is_told():
    found = broker.broker(at("amqp://ana:sesame@queue//"))

    assert (found.state, found.detail) == (State.WARN, "amqp was not tested")


@pytest.mark.enable_socket
def test_one_that_is_away_is_told_without_its_password():
    port = free_port()

    found = broker.broker(at(f"redis://:sesame@127.0.0.1:{port}/0"))

    assert found.state is State.FAIL
    assert found.detail.startswith(f"redis://[hidden]@127.0.0.1:{port}/0 does not answer")
    assert "sesame" not in repr(found)
    assert "ASSAY_BROKER_URL" in found.advice


@pytest.mark.enable_socket
def test_one_that_takes_connections_and_says_nothing_is_told(monkeypatch):
    monkeypatch.setattr(broker, "_PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]

        assert broker.broker(at(f"redis://127.0.0.1:{port}/0")).state is State.FAIL


@pytest.mark.integration
@pytest.mark.enable_socket
def test_one_that_answers_says_its_version():
    try:
        socket.create_connection(("127.0.0.1", 6379), timeout=1).close()
    except OSError:
        absent = pytest.fail if os.environ.get("ASSAY_REQUIRE_SERVICES") else pytest.skip
        absent("no Redis at 127.0.0.1:6379: '.ci/run' says how one is started")

    found = broker.broker(at("redis://127.0.0.1:6379/0"))

    assert found.state is State.OK
    assert re.fullmatch(r"Redis [0-9.]+ answers at redis://127.0.0.1:6379/0", found.detail)
