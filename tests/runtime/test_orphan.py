import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from runtime.orphan import end_with
from tests.runtime.test_supervisor import alive, until

DEAF = """
import signal, subprocess, sys, time
from runtime.orphan import end_with
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open(sys.argv[1], "w").write(str(child.pid))
end_with(1)
time.sleep(60)
"""
CHILD = "import os, time; from runtime.orphan import end_with; end_with({}); time.sleep(30)"


def test_a_child_ends_when_its_supervisor_is_gone():
    child = subprocess.Popen([sys.executable, "-c", CHILD.format(1)])

    assert child.wait(10) == -15


def test_a_child_that_does_not_listen_is_killed_with_all_it_started(tmp_path: Path):
    noted = tmp_path / "pid"
    child = subprocess.Popen([sys.executable, "-c", DEAF, str(noted)], start_new_session=True)

    assert child.wait(20) == -9
    until(lambda: not alive(int(noted.read_text())))  # the signal reaches each in its own time


def test_a_child_lives_on_with_its_supervisor():
    child = subprocess.Popen([sys.executable, "-c", CHILD.format(os.getpid())])
    time.sleep(1.5)

    assert child.poll() is None
    child.kill()
    child.wait()


def test_without_a_supervisor_nothing_is_watched():
    before = threading.active_count()

    end_with(None)

    assert threading.active_count() == before
