"""The engine: the loop that lets time pass. Any number of engines may run; the database decides."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from checks.attempt import Fault, attempt
from runtime.build import EngineParts
from runtime.logs import logger
from runtime.traces import build_tracing
from usecases.dispatch import dispatch
from usecases.reap import reap
from usecases.send_notices import send_notices
from usecases.snapshots import keep_daily
from usecases.sweep import Sweeper
from usecases.tick import tick
from usecases.watch import watch_assurance
from worker.telling import Telling
from worker.watched import watched_post

_log = logger(__name__)
_BUSY: Final = 0.02  # seconds to the next round after one that did something
_IDLE: Final = 0.15
_FAULT: Final = 1.0
_BEAT: Final = timedelta(seconds=5)  # between two signs of life
_TIDY: Final = timedelta(seconds=5)  # between two looks at what nobody waits for


class Engine:
    """Three threads: one queues and takes back; two wait for others, the broker and receivers."""

    def __init__(self, parts: EngineParts) -> None:
        self._parts = parts
        self._carry = watched_post(build_tracing("assay-engine"), parts.post)
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._beaten: dict[str, datetime] = {}
        self._tidied: datetime | None = None
        self._sweeper = Sweeper(parts.store, parts.keep)

    def start(self) -> None:
        """Start the threads."""
        self._stop.clear()
        steps = {"engine": self._turn, "dispatch": self._dispatch, "outbox": self._post}
        for name, step in steps.items():
            thread = threading.Thread(target=self._loop, args=(name, step), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def end(self) -> None:
        """Ask the threads to end, and wait for nothing: safe in a signal handler."""
        self._stop.set()

    def stop(self, timeout: float = 5.0) -> None:
        """Ask the threads to end and wait for them, ``timeout`` seconds in all at most."""
        self._stop.set()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._threads.clear()

    def run(self) -> None:
        """Run until ``end`` is called from a signal handler or another thread."""
        self.start()
        self._stop.wait()
        self.stop()

    def _turn(self) -> int:
        parts, now = self._parts, self._parts.clock()
        reaped = reap(parts.store, parts.pace, url=parts.url, now=now)
        queued = tick(parts.store, parts.pace, now=now)
        return reaped + queued + keep_daily(parts.store, now=now) + self._tidy(now)

    def _tidy(self, now: datetime) -> int:
        """Do what nobody waits for: again at once while there is more, else after a while."""
        if self._tidied is not None and now - self._tidied < _TIDY:
            return 0
        store = self._parts.store
        done = self._sweeper.sweep(now) + watch_assurance(store, now=now)
        if not done:
            self._tidied = now
        return done

    def _dispatch(self) -> int:
        parts = self._parts
        return dispatch(parts.store, parts.send, parts.pace, clock=parts.clock)

    def _post(self) -> int:
        parts = self._parts
        return send_notices(parts.store, self._carry, clock=parts.clock, url=parts.url)

    def _loop(self, name: str, step: Callable[[], int]) -> None:
        telling = Telling()
        while not self._stop.is_set():
            done = attempt(lambda: self._round(name, step))
            fault = str(done) if isinstance(done, Fault) else ""
            if fault and telling.is_news(fault):
                _log.error("engine step failed", step=name, error=fault)
            self._stop.wait(_FAULT if fault else _BUSY if done else _IDLE)

    def _round(self, name: str, step: Callable[[], int]) -> int:
        now = self._parts.clock()
        beaten = self._beaten.get(name)
        if beaten is None or now - beaten >= _BEAT:
            with self._parts.store.write() as shelf:
                shelf.heartbeats.beat(name, now)
            self._beaten[name] = now
        return step()
