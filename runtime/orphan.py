"""End a child, and all it started, when its supervisor is gone, however that one died."""

import os
import signal
import threading
import time
from typing import Final

_LOOK: Final = 1.0  # seconds between two looks
_GRACE: Final = 6.0  # seconds to end by itself


def end_with(supervisor: int | None) -> None:
    """End this process once process ``supervisor`` is not its parent any more.

    It gets SIGTERM; where it leads a session, as children of the supervisor do, whatever is left of
    that session is killed 6 s later.

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
    time.sleep(_GRACE)
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
