"""Keep a claim's lease alive while its run is being judged."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from runs.model import Claim
from runtime.logs import logger
from store.errors import StoreError
from usecases.ports import Store

_log = logger(__name__)


class Keeper:
    """Beats from its own thread, three times a lease, until its block ends or the claim is lost."""

    def __init__(self, store: Store, lease: timedelta, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._lease = lease
        self._clock = clock

    @contextmanager
    def hold(self, claim: Claim) -> Iterator[None]:
        """Prolong ``claim`` while the block runs."""
        stop = threading.Event()
        beating = threading.Thread(
            target=self._beat, args=(claim, stop), name=f"lease-{claim.run_id}", daemon=True
        )
        beating.start()
        try:
            yield
        finally:
            stop.set()
            beating.join()

    def _beat(self, claim: Claim, stop: threading.Event) -> None:
        while not stop.wait(self._lease.total_seconds() / 3):
            try:
                with self._store.write() as shelf:
                    held = shelf.runs.beat(claim, lease_until=self._clock() + self._lease)
            except StoreError as error:  # a missed beat may be made good by the next
                _log.warning("heartbeat failed", run_id=claim.run_id, error=str(error))
                continue
            if not held:
                _log.warning("lease lost", run_id=claim.run_id, fence=claim.fence)
                return
