"""No fork while a thread is inside SQLite: a child would inherit locks that nobody releases."""

import os
import threading
from contextlib import AbstractContextManager, nullcontext
from typing import Final

_GATE: Final = threading.RLock()
_guarded: Final = threading.Event()


def guard_forks() -> None:
    """Make every fork of this process wait until no thread is inside SQLite.

    For a process that forks while its threads use the store. It takes its use of SQLite one thread
    at a time from then on. Children inherit it. Calling it again changes nothing.
    """
    with _GATE:
        if not _guarded.is_set():
            os.register_at_fork(
                before=_GATE.acquire, after_in_parent=_GATE.release, after_in_child=_GATE.release
            )
            _guarded.set()


def unforked() -> AbstractContextManager[object]:
    """Return what must be held around each use of SQLite: nothing, unless forks are guarded."""
    return _GATE if _guarded.is_set() else nullcontext()
