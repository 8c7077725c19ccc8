"""How far a judging is, told to whoever listens.

Engines are plug-ins, and what they call is not ours: so the listener is not handed through all of
them, but belongs to the context (the thread) in which they are called. Without one, nothing is
told, and nothing is lost.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from checks.model import Progress

Listener = Callable[[Progress], None]

_PHASES: Final = {
    "open": "opening the data",
    "pandera": "asking Pandera",
    "great_expectations": "asking Great Expectations",
}


class _Meter:
    """Counts for one listener."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._phase = ""
        self._done = 0
        self._total = 0

    def begin(self, total: int) -> None:
        self._done, self._total = 0, total

    def enter(self, phase: str) -> None:
        self._phase = phase
        self._tell()

    def reach(self, done: int) -> None:
        self._done = min(done, self._total)
        self._tell()

    def answer(self, clauses: int) -> None:
        self.reach(self._done + clauses)

    def _tell(self) -> None:
        self._listener(Progress(phase=self._phase, done=self._done, total=self._total))


_METER: Final[ContextVar[_Meter | None]] = ContextVar("meter", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Let ``listener`` hear, at every step, how far a judging in the block is; it must be quick."""
    mark = _METER.set(_Meter(listener))
    try:
        yield
    finally:
        _METER.reset(mark)


def begin(total: int) -> None:
    """Say that a judging begins in which ``total`` clauses are put to data."""
    if meter := _METER.get():
        meter.begin(total)


def enter(phase: str) -> None:
    """Say that ``phase`` begins: ``open``, or an engine's name."""
    if meter := _METER.get():
        meter.enter(_PHASES.get(phase, phase.replace("_", " ")))


def reach(done: int) -> None:
    """Say that ``done`` clauses have an answer by now."""
    if meter := _METER.get():
        meter.reach(done)


def answer(clauses: int) -> None:
    """Say that ``clauses`` more have an answer."""
    if meter := _METER.get():
        meter.answer(clauses)
