"""API, scheduler and worker as processes of their own, on both databases and a real Redis."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest

from products.model import Connection
from runs.model import Run, RunState
from runtime.clock import now
from runtime.settings import Settings, environment
from store.sql_store import SqlStore
from tests.cast import ADMIN
from tests.redis import Redis
from tests.sockets import free_port
from tests.worker.service import ROWS, SLOW, SMALL
from usecases.connections import put_connection
from usecases.history import run_detail
from usecases.publish import publish
from usecases.tokens import create_token

pytestmark = [pytest.mark.integration, pytest.mark.enable_socket]
_ASSAY = "from cli.main import main; main()"
_PATIENCE = 60


@contextmanager
def processes(settings: Settings, folder: Path) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """``assay api``, ``scheduler`` and ``worker``, each with its output in a file of its name."""
    started = {}
    try:
        for name in ("api", "scheduler", "worker"):
            with (folder / name).open("wb") as output:
                started[name] = subprocess.Popen(
                    [sys.executable, "-c", _ASSAY, name],
                    env=environment(settings),
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        yield started
    finally:
        for process in started.values():
            process.send_signal(signal.SIGTERM)
        for process in started.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path)
    yield server
    server.kill()


def ask(settings: Settings, secret: str, name: str = "small") -> int:
    """Ask the API for a run, once it listens, and return its number."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            answer = httpx.post(
                f"{settings.base_url}/api/v1/products/sales.{name}/runs",
                headers={"Authorization": f"Bearer {secret}"},
                timeout=10,
            )
        except httpx.ConnectError:
            assert time.monotonic() < deadline, "the API does not listen"
            time.sleep(0.1)
        else:
            assert answer.status_code == 202, answer.text
            return int(answer.json()["runs"][0]["id"])


def until(store: SqlStore, run_id: int, *states: RunState) -> Run:
    deadline = time.monotonic() + _PATIENCE
    while True:
        run = run_detail(store, run_id, by=ADMIN).run
        if run.state in states:
            return run
        assert time.monotonic() < deadline, f"waited in vain: {run}"
        time.sleep(0.05)


def recorded(store: SqlStore, run_id: int) -> None:
    """Wait until a run is judged, at the first attempt."""
    run = until(store, run_id, RunState.DONE, RunState.ERRORED, RunState.LOST)
    assert (run.state, run.outcome, run.attempt) == (RunState.DONE, "passed", 1)


def test_a_run_is_recorded_whatever_befalls_the_broker(
    any_database: str, any_store: SqlStore, redis: Redis, tmp_path: Path
):
    lake = tmp_path / "lake"
    lake.mkdir()
    (lake / "numbers.csv").write_text("\n".join(["id", *map(str, range(ROWS))]))
    local = Connection(name="local", source="files", roots=(lake,))
    put_connection(any_store, local, by=ADMIN, clock=now)
    for text in (SMALL, SLOW):
        publish(any_store, text.encode(), by=ADMIN, clock=now)
    _, secret = create_token(any_store, ADMIN, by=ADMIN, clock=now)
    settings = Settings(
        database_url=any_database,
        broker_url=redis.url,
        port=free_port(),
        concurrency=1,
        threads=1,
        lease_seconds=5,
    )

    with processes(settings, tmp_path):  # while there is no broker as yet
        first = ask(settings, secret)
        time.sleep(1)
        redis.start()
        recorded(any_store, first)

        redis.freeze()
        second = ask(settings, secret)
        time.sleep(1)
        redis.thaw()
        recorded(any_store, second)

        slow = ask(settings, secret, "slow")
        until(any_store, slow, RunState.RUNNING)
        redis.kill()  # in mid work
        third = ask(settings, secret)
        recorded(any_store, slow)
        redis.start()
        recorded(any_store, third)

    said = (tmp_path / "scheduler").read_text()
    assert 1 <= said.count("takes no message") <= 4
    assert "Traceback" not in said
