"""Let go of what was kept long enough: requests' keys after a day, all else as the settings say."""

from datetime import datetime, timedelta
from typing import Final

from usecases.ports import Store
from usecases.retention import Keep, retain

KEPT: Final = Keep()
_BATCH: Final = 1000  # rows of each in one transaction, so that writers wait for little
_REST: Final = timedelta(hours=1)  # after a look that found nothing old


def sweep(store: Store, *, now: datetime, keep: Keep = KEPT) -> int:
    """Delete keys and events that are over, a batch of each, and return how many rows went."""
    before = None if keep.events is None else now - keep.events
    with store.read() as shelf:
        old_events = before is not None and shelf.events.old(before)
        if not (shelf.keys.expired(now) or old_events):
            return 0
    with store.write() as shelf:
        keys = shelf.keys.forget(now, limit=_BATCH)
        return keys + (0 if before is None else shelf.events.forget(before, limit=_BATCH))


class Sweeper:
    """Sweeps a batch at a time; looks at what is kept for weeks only now and then.

    Any number of processes may sweep: each batch goes once.
    """

    def __init__(self, store: Store, keep: Keep = KEPT) -> None:
        self._store = store
        self._keep = keep
        self._rests_until: datetime | None = None

    def sweep(self, now: datetime) -> int:
        """Let go of a batch of each class; 0 when there was nothing, for now."""
        gone = sweep(self._store, now=now, keep=self._keep)
        if self._rests_until is not None and now < self._rests_until:
            return gone
        older = retain(self._store, self._keep, now=now)
        self._rests_until = None if older else now + _REST
        return gone + older
