import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from store.errors import StoreUnavailable
from store.ticket import ticket

_HOLD = """
import sys, time
from pathlib import Path
from store.ticket import ticket
with ticket(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_only_one_thread_holds_the_ticket(tmp_path: Path):
    path, inside, most = tmp_path / "t", 0, 0

    def enter() -> None:
        nonlocal inside, most
        for _ in range(20):
            with ticket(path):
                inside += 1
                most = max(most, inside)
                time.sleep(0.0002)
                inside -= 1

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 1


def test_waiting_ends_when_patience_does(tmp_path: Path):
    with (
        ticket(tmp_path / "t"),
        pytest.raises(StoreUnavailable, match=r"writing for 0.05 s"),
        ticket(tmp_path / "t", patience=0.05),
    ):
        pass  # pragma: no cover


def test_a_block_that_raises_gives_the_ticket_back(tmp_path: Path):
    with pytest.raises(ZeroDivisionError), ticket(tmp_path / "t"):
        raise ZeroDivisionError

    with ticket(tmp_path / "t", patience=0):
        pass


def test_a_holder_that_is_killed_gives_the_ticket_back(tmp_path: Path):
    path = tmp_path / "t"
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"

        with pytest.raises(StoreUnavailable), ticket(path, patience=0):
            pass  # pragma: no cover
        holder.kill()
        holder.wait()

        with ticket(path, patience=1):
            pass
