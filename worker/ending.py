"""End a worker within a bounded time: what it is still judging is given back at once.

Asked to end, Celery waits until whatever runs is over, however long that takes.
"""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Final

from billiard import active_children
from celery.signals import worker_shutting_down

from checks.attempt import Fault, attempt
from runtime.logs import logger
from usecases.ports import Store

_log = logger(__name__)
GRACE: Final = 4.0  # seconds that runs have to end by themselves
_PATIENCE: Final = 1.5  # seconds for giving back; else the lease runs out and does it


def end_within(store: Store, owner: str) -> None:
    """End this worker's main process 6 s after it was asked to end, at the latest.

    Runs that ``owner`` still judges then are stopped and queued again, and that try is not counted:
    it says nothing about the contract.
    """

    def ask(**_: object) -> None:
        threading.Thread(target=_end, args=(store, owner), name="ending", daemon=True).start()

    worker_shutting_down.connect(ask, weak=False)


def give_back(store: Store, owner: str) -> int:
    """Queue again what ``owner`` judges, the try not counted; return how many runs that were."""
    with store.write() as shelf:
        return shelf.runs.give_back(owner)


def _end(store: Store, owner: str) -> None:
    time.sleep(GRACE)
    for child in active_children():
        if child.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGKILL)
    _bounded(lambda: give_back(store, owner))
    os._exit(0)


def _bounded(work: Callable[[], int]) -> None:
    def tell() -> None:
        done = attempt(work)
        if isinstance(done, Fault):
            _log.warning("runs could not be given back; their leases run out", error=str(done))
        elif done:
            _log.info("runs given back", runs=done)

    working = threading.Thread(target=tell, name="giving-back", daemon=True)
    working.start()
    working.join(_PATIENCE)
