"""What the demo says: steps with their time, details below, in colour on a terminal only."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TextIO, TypeVar

from rich.console import Console

T = TypeVar("T")
_LOOK: Final = 0.1


class StoryBroken(Exception):
    """A step of the demo did not come true; the message says which and what was seen instead."""


class Screen:
    """Writes the story. One line a step, with the seconds since the start."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._console = Console(file=out or sys.stdout, highlight=False, soft_wrap=True)
        self._begun = time.monotonic()

    def step(self, words: str) -> None:
        """Say what comes true."""
        seconds = time.monotonic() - self._begun
        self._console.print(f"[dim]{seconds:5.1f} s[/]  ", end="")
        self._console.print(words, style="bold", markup=False)

    def detail(self, words: str, style: str = "") -> None:
        """Say more about the step, line by line."""
        for line in words.splitlines():
            self._console.print(f"          {line}", style=style, markup=False)

    @contextmanager
    def waiting(self, words: str) -> Iterator[None]:
        """Show on a terminal that something is awaited."""
        if not self._console.is_terminal:
            yield
            return
        with self._console.status(words):
            yield

    def until(
        self, words: str, look: Callable[[], T | None], *, alive: Callable[[], None], seconds: float
    ) -> T:
        """Wait until ``look`` returns something, and return that.

        Args:
            words: What is awaited.
            look: Returns None while it is not there.
            alive: Raises when waiting has become useless.
            seconds: How long to wait at most.

        Raises:
            StoryBroken: it did not come in time.
        """
        deadline = time.monotonic() + seconds
        with self.waiting(words):
            while time.monotonic() < deadline:
                alive()
                if (found := look()) is not None:
                    return found
                time.sleep(_LOOK)
        raise StoryBroken(f"waited {seconds:.0f} s in vain: {words}")
