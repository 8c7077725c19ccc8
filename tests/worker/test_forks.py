"""Pool children that are renewed all the time, with real engines in them, beside a live engine."""

import time

import pytest

from runs.model import Run, RunState
from runtime.clock import now
from runtime.embedded import Started
from runtime.settings import Settings
from store.sql_store import SqlStore
from tests.cast import ADMIN
from tests.worker.service import SMALL
from usecases.history import list_runs
from usecases.publish import publish
from usecases.request_run import request_run

pytestmark = [pytest.mark.integration, pytest.mark.enable_socket]

RUNS = 24
LIMIT = 300.0  # seconds for all of them
STALL = 40.0  # seconds without any progress; a lock taken over a fork stalled for longer


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={"runs_per_child": 4, "concurrency": 2, "lease_seconds": 20.0}
    )


def test_renewing_children_neither_loses_nor_stalls_a_run(service: Started, kept: SqlStore):
    for number in range(4):
        text = SMALL.replace("id: small", f"id: small-{number}")
        publish(kept, text.encode(), by=ADMIN, clock=now)
    begun = moved = time.monotonic()
    done = 0
    asked: set[int] = set()  # who asks while a run waits is given that one again
    runs: tuple[Run, ...] = ()

    while done < max(RUNS, len(asked)):
        if len(asked) < RUNS and len(asked) - done < 4:
            asked |= {run.id for run in request_run(kept, "sales.small", by=ADMIN, clock=now)}
        runs = list_runs(kept, by=ADMIN, before=None, limit=RUNS * 2)
        ended = sum(run.state.terminal for run in runs)
        moved = time.monotonic() if ended > done else moved
        done = ended
        assert time.monotonic() - moved < STALL, "no run ended for too long"
        assert time.monotonic() - begun < LIMIT
        time.sleep(0.05)

    assert {(run.state, run.outcome, run.attempt) for run in runs} == {(RunState.DONE, "passed", 1)}
