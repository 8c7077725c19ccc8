"""The API as a process, with somebody listening to a run that nobody judges."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from runtime.settings import Settings, environment
from tests.cast import ADMIN
from tests.sockets import free_port
from tests.usecases.world import World
from usecases.request_run import request_run
from usecases.tokens import create_token

pytestmark = [pytest.mark.integration, pytest.mark.enable_socket]


@pytest.fixture
def served(database: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Address and process of an API, ended afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", "api.main:create"]
    command += ["--port", str(port), "--log-level", "error", "--timeout-graceful-shutdown", "4"]
    settings = Settings(database_url=database)
    process = subprocess.Popen(command, env=environment(settings), stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _await(address)
        yield address, process
    finally:
        process.kill()
        process.wait()


def _await(address: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{address}/health/live", timeout=1):  # noqa: S310 - ours
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise AssertionError("the API did not start")


def _listen(address: str, secret: str):
    headers = {"Authorization": f"Bearer {secret}"}
    request = Request(f"{address}/api/v1/runs/1/events", headers=headers)  # noqa: S310 - ours
    answer = urlopen(request, timeout=20)  # noqa: S310 - ours
    assert answer.readline() == b"retry: 3000\n"
    return answer


def test_listeners_do_not_keep_the_api_from_ending_in_time(world: World, served):
    address, process = served
    world.publish()
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    _, secret = create_token(world.store, ADMIN, by=ADMIN, clock=world.clock)
    listening = [_listen(address, secret) for _ in range(20)]
    threads = len(list(Path(f"/proc/{process.pid}/task").iterdir()))

    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(10)
    took = time.monotonic() - began

    for answer in listening:
        answer.close()
    assert took < 8
    assert threads < 20  # fewer than listeners: none of them holds one
