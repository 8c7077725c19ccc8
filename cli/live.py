"""A line on the terminal that tells how a run goes on; where there is none, next to nothing."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from pydantic import BaseModel
from rich.console import Console
from rich.status import Status
from rich.text import Text

from cli.answers import Run
from cli.errors import Unanswered
from cli.output import FAINT, STRONG, UNSURE, Part, line, note
from cli.times import lasting

_SPINNER: Final = 3  # letters that what turns takes up
_LOST: Final = "the connection is lost, trying again"
_STATES: Final = {"queued": "waiting for a worker", "running": "being judged"}


class Progress(BaseModel):
    """How far a run is; ``seconds`` since a worker took it. None: not known."""

    phase: str
    done: int | None = None
    total: int | None = None
    seconds: float | None = None


class Screen(Protocol):
    """Whoever is told how it goes. ``live``: somebody looks."""

    live: bool

    def tell(self, run: Run, place: str, found: Progress) -> None:
        """Show how far ``run`` is; ``place`` says which of several it is, such as ``2 of 3``."""

    def lost(self, why: Unanswered) -> None:
        """Say that the service does not answer for now."""


@contextmanager
def screen(message: str) -> Iterator[Screen]:
    """Open a screen: a line on stderr that begins as ``message``, where stderr is a terminal."""
    console = Console(file=sys.stderr, highlight=False)
    if not console.is_terminal:
        yield _Quiet()
        return
    shown = _Line(console.width - _SPINNER, message)
    with console.status(shown) as status:
        yield _Live(shown, status)


def state(found: str) -> str:
    """Return what a run in this state does, in words."""
    return _STATES.get(found, found)


class _Line:
    """What is shown. It is drawn several times a second, so that its seconds go on."""

    def __init__(self, width: int, message: str) -> None:
        self._width = width
        self._at = time.monotonic()
        self._base: float | None = None
        self._parts: tuple[Part, ...] = (message,)

    def put(self, *parts: Part, seconds: float | None) -> None:
        """Show ``parts`` from now on; ``seconds`` are those that it lasts already."""
        self._parts, self._base, self._at = parts, seconds, time.monotonic()

    def __rich__(self) -> Text:
        elapsed = time.monotonic() - self._at
        time_shown: Part = "" if self._base is None else f"  {lasting(self._base + elapsed)}"
        text = line(*self._parts, time_shown)
        text.truncate(self._width, overflow="ellipsis")
        return text


class _Live:
    live = True

    def __init__(self, shown: _Line, status: Status) -> None:
        self._shown = shown
        self._status = status
        self._named: tuple[Part, ...] = ()

    def tell(self, run: Run, place: str, found: Progress) -> None:
        name = f"{run.contract.id} {run.contract.version}"
        self._named = ((f"run {run.id}", STRONG), f" of {name}", f" ({place})" if place else "")
        counted = f"  {found.done or 0:,}/{found.total:,}" if found.total else ""
        self._shown.put(*self._named, (f"  {found.phase}", FAINT), counted, seconds=found.seconds)

    def lost(self, why: Unanswered) -> None:
        self._shown.put(*self._named, (f"  {_LOST}", UNSURE), seconds=None)


class _Quiet:
    live = False

    def __init__(self) -> None:
        self._told = False

    def tell(self, run: Run, place: str, found: Progress) -> None:
        self._told = False

    def lost(self, why: Unanswered) -> None:
        if not self._told:
            note(f"assay: {why}")
            note("assay: trying again; the run goes on meanwhile")
        self._told = True
