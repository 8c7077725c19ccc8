import os
import subprocess
import sys
import threading
import time

from runtime.orphan import end_with

CHILD = "import os, time; from runtime.orphan import end_with; end_with({}); time.sleep(30)"


def test_a_child_ends_when_its_supervisor_is_gone():
    child = subprocess.Popen([sys.executable, "-c", CHILD.format(1)])

    assert child.wait(10) == -15


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
