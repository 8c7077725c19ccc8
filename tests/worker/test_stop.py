"""Asked to end in mid run, every part ends within ten seconds, and the run is judged again."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from runs.model import Run, RunState
from runtime.clock import now
from runtime.embedded import Started, await_ready, embedded
from runtime.settings import Settings
from store.engine import create_store_engine
from store.sql_store import SqlStore
from tests.cast import ADMIN
from tests.worker.service import SLOW, until
from usecases.history import list_runs
from usecases.publish import publish
from usecases.request_run import request_run

pytestmark = [pytest.mark.integration, pytest.mark.enable_socket]
WITHIN = 10.0


def judging(store: SqlStore) -> Callable[[], Run | None]:
    def look() -> Run | None:
        (run,) = list_runs(store, by=ADMIN, before=None, limit=2)
        return run if run.state is RunState.RUNNING and run.progress else None

    return look


@pytest.fixture
def hanging(settings: Settings, tmp_path: Path) -> Settings:
    """Settings of a service whose data takes half a minute to be judged."""
    lake = tmp_path / "lake"
    lake.mkdir()
    numbers = "\n".join(str(number) for number in range(4000))
    (lake / "numbers.csv").write_text(f"id\n{numbers}\n")
    return settings.model_copy(update={"lease_seconds": 30.0})


def test_a_service_ends_in_mid_run_and_with_open_streams(hanging: Settings, tmp_path: Path):
    store = SqlStore(create_store_engine(hanging.database))
    with embedded(hanging, (tmp_path / "lake",)) as started:
        await_ready(started)
        publish(store, SLOW.encode(), by=ADMIN, clock=now)
        (run,) = request_run(store, "sales.slow", by=ADMIN, clock=now)
        until(judging(store), started)
        streams = [follow(started, run.id) for _ in range(3)]
        asked = time.monotonic()
    took = time.monotonic() - asked

    for stream in streams:
        stream.join(5)
    (left,) = list_runs(store, by=ADMIN, before=None, limit=2)
    assert took < WITHIN
    assert not any(stream.is_alive() for stream in streams)
    assert (left.state, left.attempt) == (RunState.QUEUED, 0)


def follow(started: Started, run_id: int) -> threading.Thread:
    """Follow a run's events until the stream ends."""
    headers = {"Authorization": f"Bearer {started.secret}"}
    request = Request(f"{started.url}/api/v1/runs/{run_id}/events", headers=headers)  # noqa: S310
    opened = urlopen(request, timeout=30)  # noqa: S310 - ours

    def read() -> None:
        try:
            for _ in opened:
                pass
        except OSError:
            pass

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread
