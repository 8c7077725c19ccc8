"""Keep a few child processes alive, and end them all within a bounded time."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from runtime.logs import logger

_log = logger(__name__)
_FIRST_PAUSE: Final = 0.5  # seconds before the first restart; doubles up to the longest
_LONGEST_PAUSE: Final = 30.0
_STEADY: Final = 60.0  # seconds after which a child counts as well again
_GRACE: Final = 6.0  # seconds a child has to end after SIGTERM


@dataclass(slots=True, kw_only=True)
class Child:
    """One supervised process and what is known of it. Times are seconds of the monotonic clock."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = _FIRST_PAUSE
    restart_at: float | None = None
    restarts: int = 0


@dataclass(slots=True, kw_only=True)
class Supervisor:
    """Runs children in sessions of their own, so that one signal reaches each whole tree."""

    commands: Mapping[str, Sequence[str]]
    environment: Mapping[str, str]
    children: dict[str, Child] = field(default_factory=dict)

    def start(self) -> None:
        """Start every child."""
        for name, command in self.commands.items():
            self.children[name] = child = Child(name=name, command=command)
            self._start(child)

    def watch(self) -> tuple[str, ...]:
        """Restart children that ended, each after a growing pause; returns who is down."""
        now = time.monotonic()
        for child in self.children.values():
            if child.restart_at is not None:
                if now >= child.restart_at:
                    self._start(child)
            elif child.process is not None and child.process.poll() is not None:
                self._ended(child, now)
        return tuple(child.name for child in self.children.values() if child.restart_at is not None)

    def stop(self) -> None:
        """End every child: asked first, after a grace of 6 s killed with all it started."""
        running = [c.process for c in self.children.values() if c.process is not None]
        for process in running:
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + _GRACE
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
        for process in running:
            _signal_tree(process)
            process.wait()

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(  # noqa: S603 - our own commands only
            child.command,
            env=dict(self.environment),
            stdout=subprocess.DEVNULL,  # what children have to say, they log on stderr
            start_new_session=True,
        )
        child.started = time.monotonic()
        child.restart_at = None

    def _ended(self, child: Child, now: float) -> None:
        assert child.process is not None  # noqa: S101 - the caller has looked
        if now - child.started > _STEADY:
            child.pause = _FIRST_PAUSE
        _log.error("process ended", process=child.name, status=child.process.returncode)
        _signal_tree(child.process)
        child.restart_at = now + child.pause
        child.pause = min(child.pause * 2, _LONGEST_PAUSE)
        child.restarts += 1


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)


def _signal_tree(process: subprocess.Popen[bytes]) -> None:
    """Kill whatever is left of the session that ``process`` led."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
