"""Let go of what was kept long enough: keys of requests after a day, events after 90 days."""

from datetime import datetime, timedelta
from typing import Final

from usecases.ports import Store

EVENTS_KEPT: Final = timedelta(days=90)
_BATCH: Final = 1000  # rows of each in one transaction, so that writers wait for little


def sweep(store: Store, *, now: datetime) -> int:
    """Delete what is over, a batch of each at a time, and return how many rows went."""
    before = now - EVENTS_KEPT
    with store.read() as shelf:
        if not (shelf.keys.expired(now) or shelf.events.old(before)):
            return 0
    with store.write() as shelf:
        keys = shelf.keys.forget(now, limit=_BATCH)
        return keys + shelf.events.forget(before, limit=_BATCH)
