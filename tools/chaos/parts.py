"""The processes of the service, each in a session of its own, that are killed and come back."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_GRACE: Final = 6.0  # seconds to end when asked
_AGAIN: Final = 0.5  # seconds before one that ended by itself is started again


@dataclass(slots=True, kw_only=True)
class Part:
    """One process with all it starts. Times are seconds of the monotonic clock.

    Attributes:
        user: Account to run as; None: this one.
        back_at: When it is to be started again; None while it is up.
        thaw_at: When it is to be woken; None while it is awake.
        ask: The signal that ends it in an orderly way.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    user: str | None = None
    ask: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    back_at: float | None = None
    thaw_at: float | None = None

    @property
    def log(self) -> Path:
        """What it says, over all its lives."""
        return self.folder / f"{self.name}.log"

    @property
    def awake(self) -> bool:
        """Whether it runs and is not frozen."""
        running = self.process is not None and self.process.poll() is None
        return running and self.back_at is None and self.thaw_at is None

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands only
                self.command,
                env=dict(self.environment),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self.user,
                group=self.user,
                extra_groups=None if self.user is None else (),
            )
        self.back_at = self.thaw_at = None

    def kill(self, *, down: float, number: signal.Signals = signal.SIGKILL) -> None:
        """End it and all it started at once; it is back after ``down`` seconds."""
        self._signal(number)
        if number is not signal.SIGKILL:
            self._wait(_GRACE)
        self._signal(signal.SIGKILL)
        self._wait(_GRACE)
        self.thaw_at = None
        self.back_at = time.monotonic() + down

    def freeze(self, seconds: float) -> None:
        """Stop it and all it started for a while."""
        self._signal(signal.SIGSTOP)
        self.thaw_at = time.monotonic() + seconds

    def children(self) -> list[int]:
        """Ids of the processes that it started itself."""
        if self.process is None:
            return []
        main = self.process.pid
        try:
            return [int(word) for word in _children(main).read_text().split()]
        except OSError:
            return []

    def look(self, now: float) -> bool:
        """Do what is due; False when it had ended by itself."""
        if self.back_at is not None:
            if now >= self.back_at:
                self.start()
        elif self.thaw_at is not None:
            if now >= self.thaw_at:
                self.wake()
        elif self.process is not None and self.process.poll() is not None:
            self._signal(signal.SIGKILL)
            self.back_at = now + _AGAIN
            return False
        return True

    def wake(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)
        self.thaw_at = None

    def ask_to_end(self) -> None:
        """Ask it to end; waits for nothing."""
        self.wake()
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(self.ask)

    def end(self, deadline: float) -> None:
        """Wait for its end up to ``deadline``, then kill whatever is left of its session."""
        self._wait(max(0.0, deadline - time.monotonic()))
        self._signal(signal.SIGKILL)
        self._wait(_GRACE)

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def _wait(self, seconds: float) -> None:
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)


def _children(pid: int) -> Path:
    return Path(f"/proc/{pid}/task/{pid}/children")


@dataclass(slots=True, kw_only=True)
class Cast:
    """All parts, in the order in which they are started."""

    parts: dict[str, Part] = field(default_factory=dict)
    fell: int = 0

    def start(self, part: Part) -> None:
        """Start a part and look after it from now on."""
        self.parts[part.name] = part
        part.start()

    def look(self) -> None:
        """Start again what is down, and wake what slept long enough."""
        now = time.monotonic()
        self.fell += sum(not part.look(now) for part in self.parts.values())

    def stop(self) -> None:
        """End every part, the last started first: asked, and after 6 s killed by its id."""
        parts = list(reversed(self.parts.values()))
        for served in (False, True):  # whoever is served by others ends before them
            these = [part for part in parts if (part.name in _SERVERS) is served]
            for part in these:
                part.ask_to_end()
            deadline = time.monotonic() + _GRACE
            for part in these:
                part.end(deadline)


_SERVERS: Final = ("redis", "postgresql")
