"""kill -9 in mid run, on the real service: whatever dies, one result is recorded."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from runs.model import Run, RunState
from runtime.clock import now
from runtime.embedded import Started
from store.sql_store import SqlStore
from tests.cast import ADMIN
from tests.worker.service import SLOW, until
from usecases.history import list_runs, run_detail
from usecases.publish import publish
from usecases.request_run import request_run

pytestmark = [pytest.mark.integration, pytest.mark.enable_socket]


def in_state(store: SqlStore, *states: RunState) -> Callable[[], Run | None]:
    def look() -> Run | None:
        (run,) = list_runs(store, by=ADMIN, before=None, limit=2)
        return run if run.state in states else None

    return look


def worker(started: Started) -> int:
    process = started.supervisor.children["worker"].process
    assert process is not None
    return process.pid


def pool_child(started: Started) -> int:
    main = worker(started)
    children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    return int(children[-1])


@pytest.mark.parametrize("victim", [worker, pool_child])
def test_a_kill_in_mid_run_leaves_exactly_one_result(
    victim: Callable[[Started], int], service: Started, kept: SqlStore
):
    publish(kept, SLOW.encode(), by=ADMIN, clock=now)
    request_run(kept, "sales.slow", by=ADMIN, clock=now)
    until(in_state(kept, RunState.RUNNING), service)
    time.sleep(0.5)

    os.kill(victim(service), signal.SIGKILL)
    run = until(in_state(kept, RunState.DONE, RunState.ERRORED, RunState.LOST), service)
    time.sleep(1)

    assert (run.state, run.outcome) == (RunState.DONE, "passed")
    assert run.attempt == 2
    detail = run_detail(kept, run.id, by=ADMIN)
    keys = [result.clause.key for result in detail.results]
    assert len(keys) == len(set(keys)) == 7
    with kept.read() as shelf:
        assert len(shelf.standings.snapshots("sales.slow", since=run.created)) == 1
