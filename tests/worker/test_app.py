import resource
import signal
import subprocess
import sys

import pytest

from runtime.queue import JUDGE
from runtime.settings import Settings
from store.engine import create_store_engine
from store.sql_store import SqlStore
from tests.cast import ADMIN, Clock, Judge
from tests.usecases.world import World
from usecases.history import run_detail
from usecases.request_run import request_run
from worker.app import create_app
from worker.limits import limit_memory


@pytest.fixture
def offline(database: str) -> Settings:
    return Settings(database_url=database)


def test_the_task_judges_and_records_a_run(offline: Settings, database: str, clock: Clock):
    store = SqlStore(create_store_engine(database))
    world = World(store=store, clock=clock, judge=Judge(clock))
    world.publish()
    (run,) = request_run(store, "sales.orders", by=ADMIN, clock=clock)

    create_app(offline).tasks[JUDGE].apply(args=(run.id,)).get()

    kept = run_detail(store, run.id, by=ADMIN)
    assert kept.run.state.terminal
    assert kept.run.counts["errored"] == 9  # there is no lake on this machine


def test_the_engine_belongs_to_the_embedded_worker_only(offline: Settings):
    embedded = create_app(offline).steps["worker"]
    plain = create_app(offline, with_engine=False).steps["worker"]

    assert (len(embedded), len(plain)) == (1, 0)


def test_a_query_that_needs_too_much_memory_ends_in_memory_error():
    code = (
        "from worker.limits import limit_memory\n"
        "limit_memory(256)\n"
        "try: bytearray(512 * 1024 * 1024)\n"
        "except MemoryError: print('refused')"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "refused\n"


def test_no_limit_leaves_memory_as_it_is():
    before = resource.getrlimit(resource.RLIMIT_AS)

    limit_memory(0)

    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_the_scheduler_runs_alone_and_ends_when_asked(database: str):
    process = subprocess.Popen(
        [sys.executable, "-m", "worker.scheduler"],
        env={"ASSAY_DATABASE_URL": database, "PATH": ""},
    )
    store = SqlStore(create_store_engine(database))
    try:
        for _ in range(200):
            with store.read() as shelf:
                if "engine" in shelf.heartbeats.latest():
                    break
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
