"""Say whether the service is whole: can it read, is its engine alive, is anything stuck."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from usecases.ports import Store

_SILENCE: Final = timedelta(seconds=30)
PARTS: Final = ("engine", "outbox")


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the service is.

    Attributes:
        silent: Parts that gave no sign of life for 30 s, by name; None where they never gave one.
        dead_letters: Notices that were given up.
    """

    silent: dict[str, datetime | None]
    dead_letters: int

    @property
    def well(self) -> bool:
        """Whether every part is alive. Dead letters are trouble, but not of the service's life."""
        return not self.silent


def health(store: Store, *, clock: Callable[[], datetime]) -> Health:
    """Return how the service is; raises what the store raises when it cannot be read."""
    limit = clock() - _SILENCE
    with store.read() as shelf:
        beats = shelf.heartbeats.latest()
        dead = shelf.notices.count_dead()
    silent = {part: beats.get(part) for part in PARTS}
    return Health(
        silent={part: at for part, at in silent.items() if at is None or at < limit},
        dead_letters=dead,
    )
