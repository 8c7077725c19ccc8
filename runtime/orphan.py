"""End a child when its supervisor is gone, however that one died."""

import os
import signal
import threading
import time
from typing import Final

_LOOK: Final = 1.0  # seconds between two looks


def end_with(supervisor: int | None) -> None:
    """Send this process SIGTERM once process ``supervisor`` is not its parent any more.

    Args:
        supervisor: Process id of the parent; None: nothing is watched.
    """
    if supervisor is None:
        return
    threading.Thread(target=_watch, args=(supervisor,), name="orphan", daemon=True).start()


def _watch(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(_LOOK)
    os.kill(os.getpid(), signal.SIGTERM)
