"""Tell a fault that lasts once."""

import time
from collections.abc import Callable
from typing import Final

_QUIET: Final = 60.0  # seconds without a fault after which it is news again


class Telling:
    """Knows what was told.

    A turn that finds nothing to do meets no fault, and proves nothing: where two engines take turns
    before one dead broker, either meets it every other time.
    """

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._fault = ""
        self._met = 0.0

    def is_news(self, fault: str) -> bool:
        """Whether ``fault``, which was met just now, is another than before, or is back."""
        now = self._elapsed()
        lasts = fault == self._fault and now - self._met < _QUIET
        self._fault, self._met = fault, now
        return not lasts
