import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine

from store.engine import reading, writing
from store.forks import guard_forks, unforked

_FORKING = """
import os, sys, threading, time, warnings
from datetime import UTC, datetime
from store.engine import create_store_engine
from store.forks import guard_forks
from store.sql_store import SqlStore

warnings.filterwarnings("ignore", "This process .* is multi-threaded")
guard_forks()
store = SqlStore(create_store_engine(sys.argv[1]))
stop = threading.Event()

def write():
    while not stop.is_set():
        with store.write() as shelf:
            shelf.heartbeats.beat("engine", datetime.now(UTC))
        with store.read() as shelf:
            shelf.heartbeats.latest()
        time.sleep(0.0005)

threads = [threading.Thread(target=write) for _ in range(3)]
for thread in threads:
    thread.start()
failed = 0
for number in range(40):
    child = os.fork()
    if child == 0:
        done = 1
        try:
            with store.write() as shelf:
                shelf.heartbeats.beat(f"child {number}", datetime.now(UTC))
            done = 0
        finally:
            os._exit(done)
    failed += os.waitpid(child, 0)[1] != 0
stop.set()
for thread in threads:
    thread.join()
sys.exit(failed)
"""


def test_children_forked_while_threads_write_find_the_database_free(engine: Engine):
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", _FORKING, str(engine.url)],
        timeout=60,
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    with reading(engine) as connection:
        beats = connection.exec_driver_sql("SELECT count(*) FROM heartbeat").scalar()
    assert beats == 41


def test_guarding_twice_is_guarding_once_and_use_goes_on(engine: Engine):
    guard_forks()
    guard_forks()

    with unforked(), writing(engine), reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
