"""The clock of the database server: one time for processes on many machines."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from sqlalchemy import Engine, func, select

from store.engine import reading
from store.errors import StoreError

_Answer: TypeAlias = tuple[datetime, float]  # the server's time, and seconds elapsed at it
_FRESH: Final = 10.0  # seconds for which one answer of the server is carried on
_REST: Final = 1.0  # seconds until it is asked again when it did not answer


def elapsed() -> float:
    """Return seconds since the machine started; setting its clock, and sleep, change nothing."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class ServerClock:
    """Tells the time of the database server, whatever the clock of this machine says.

    The server is asked now and then; between, elapsed seconds are added to its answer. What is told
    is off by less than the answer took to come. Threads may share it; a process that forks may
    carry one over only where it never asked it.
    """

    def __init__(self, engine: Engine, elapsed: Callable[[], float] = elapsed) -> None:
        self._engine = engine
        self._elapsed = elapsed
        self._answer: _Answer | None = None
        self._ask_at = 0.0
        self._asking = threading.Lock()

    def __call__(self) -> datetime:
        """Return the server's time, UTC.

        Raises:
            StoreError: the server does not answer, and never did.
        """
        answer = self._answer
        if answer is None or self._elapsed() >= self._ask_at:
            answer = self._asked(answer)
        at, asked = answer
        return at + timedelta(seconds=self._elapsed() - asked)

    def _asked(self, older: _Answer | None) -> _Answer:
        """Ask the server, unless another thread does so; ``older`` where it does not answer."""
        if not self._asking.acquire(blocking=older is None):
            return older or self._asked(None)
        try:
            self._answer = self._ask()
            self._ask_at = self._elapsed() + _FRESH
        except StoreError:
            if older is None:
                raise
            self._ask_at = self._elapsed() + _REST
            return older
        else:
            return self._answer
        finally:
            self._asking.release()

    def _ask(self) -> _Answer:
        sent = self._elapsed()
        with reading(self._engine) as connection:
            at = connection.execute(select(func.clock_timestamp())).scalar_one()
        return at.astimezone(UTC), (sent + self._elapsed()) / 2


def create_clock(engine: Engine, own: Callable[[], datetime]) -> Callable[[], datetime]:
    """Return the clock by which leases are measured: the server's, or ``own`` on SQLite.

    All processes on an SQLite database are on one machine, and have one clock.
    """
    return own if engine.dialect.name == "sqlite" else ServerClock(engine)
