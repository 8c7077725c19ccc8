import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from runtime.supervisor import Supervisor

FOR_EVER = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
]
PARENT = [
    sys.executable,
    "-c",
    """import subprocess, sys, time
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
open(sys.argv[1], 'w').write(str(child.pid))
time.sleep(60)""",
]


def until(look: Callable[[], object], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def supervise(command: list[str]) -> Supervisor:
    supervisor = Supervisor(commands={"it": command}, environment=os.environ)
    supervisor.start()
    return supervisor


def pid_of(supervisor: Supervisor) -> int:
    process = supervisor.children["it"].process
    assert process is not None
    return process.pid


def test_a_child_that_died_is_down_and_then_started_again():
    supervisor = supervise(FOR_EVER)
    first = pid_of(supervisor)

    os.kill(first, signal.SIGKILL)
    until(lambda: supervisor.watch() == ("it",))
    until(lambda: supervisor.watch() == ())

    assert pid_of(supervisor) != first
    assert supervisor.children["it"].restarts == 1
    supervisor.stop()


def test_each_restart_waits_longer():
    supervisor = supervise([sys.executable, "-c", ""])
    until(lambda: supervisor.watch() == ("it",))
    first = supervisor.children["it"].pause

    until(lambda: supervisor.watch() == ())
    until(lambda: supervisor.watch() == ("it",))

    assert supervisor.children["it"].pause == 2 * first
    supervisor.stop()


def test_stopping_ends_a_child_at_once():
    supervisor = supervise(FOR_EVER)
    begun = time.monotonic()

    supervisor.stop()

    assert not alive(pid_of(supervisor))
    assert time.monotonic() - begun < 5


def test_stopping_kills_what_does_not_listen():
    supervisor = supervise(DEAF)
    time.sleep(0.5)

    supervisor.stop()

    assert not alive(pid_of(supervisor))


def test_stopping_ends_grandchildren_too(tmp_path):
    noted = tmp_path / "pid"
    supervisor = supervise([*PARENT, str(noted)])
    until(lambda: noted.exists() and noted.read_text())

    supervisor.stop()

    until(lambda: not alive(int(noted.read_text())))
