"""Write what was judged although the database went away, as long as the lease may still hold."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from runtime.logs import logger
from store.errors import StoreUnavailable

_log = logger(__name__)
_SHORT: Final = 0.2
_LONG: Final = 2.0


class Patience:
    """Tries for the length of a lease; who tried longer would be refused, since others took over.

    Trying again is safe: a run that was recorded, without a word of it, is not recorded again.
    """

    def __init__(self, lease: timedelta) -> None:
        self._lease = lease.total_seconds()

    def persist(self, write: Callable[[], bool]) -> bool:
        """Return what ``write`` returns; False, and a line in the log, when it never could."""
        deadline = time.monotonic() + self._lease
        pause, tried = _SHORT, 0
        while True:
            tried += 1
            try:
                return write()
            except StoreUnavailable as error:
                if tried == 1:
                    _log.warning("cannot record: the database is away", error=str(error))
                if time.monotonic() + pause >= deadline:
                    _log.error("gave up recording: the run is judged again", tried=tried)
                    return False
            time.sleep(pause)
            pause = min(2 * pause, _LONG)
