"""Keep a claim's lease alive while its run is being judged, and write down how far that is."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from checks.model import Progress
from checks.progress import listening
from runs.model import Claim
from runtime.logs import logger
from store.errors import StoreError
from usecases.ports import Store

_log = logger(__name__)
_NOTED: Final = 1.0  # seconds between two notes of progress; what is over sooner needs none


class Keeper:
    """Beats from its own thread, three times a lease, until its block ends or the claim is lost."""

    def __init__(self, store: Store, lease: timedelta, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._lease = lease
        self._clock = clock

    @contextmanager
    def hold(self, claim: Claim) -> Iterator[None]:
        """Prolong ``claim``, and note the progress of what is judged, while the block runs."""
        stop, slate = threading.Event(), _Slate()
        beating = threading.Thread(
            target=self._beat, args=(claim, slate, stop), name=f"lease-{claim.run_id}", daemon=True
        )
        beating.start()
        try:
            with listening(slate.write):
                yield
        finally:
            stop.set()
            beating.join()

    def _beat(self, claim: Claim, slate: "_Slate", stop: threading.Event) -> None:
        every = self._lease.total_seconds() / 3
        last = time.monotonic()
        while not stop.wait(max(0.0, min(_NOTED, last + every - time.monotonic()))):
            due = time.monotonic() - last >= every
            try:
                held = self._write(claim, slate, beat=due)
            except StoreError as error:  # a missed beat may be made good by the next
                _log.warning("heartbeat failed", run_id=claim.run_id, error=str(error))
                held = True
            if not held:
                _log.warning("lease lost", run_id=claim.run_id, fence=claim.fence)
                return
            last = time.monotonic() if due else last

    def _write(self, claim: Claim, slate: "_Slate", *, beat: bool) -> bool:
        """Write what there is to write in one transaction; False when the claim was lost."""
        news = slate.newest
        if news == slate.written:
            news = None
        if news is None and not beat:
            return True
        with self._store.write() as shelf:
            held = news is None or shelf.runs.note(claim, news)
            if held and beat:
                held = shelf.runs.beat(claim, lease_until=self._clock() + self._lease)
        slate.written = news or slate.written
        return held


class _Slate:
    """The newest progress, from the thread that judges to the one that writes it down."""

    def __init__(self) -> None:
        self.newest: Progress | None = None
        self.written: Progress | None = None

    def write(self, progress: Progress) -> None:
        self.newest = progress
