"""The writer's ticket: one writer at a time, over all processes and threads of a machine.

SQLite lets one writer in and makes the others poll; who comes first is luck, and waits are long.
With a lock on a file beside the database taken first, writers hardly ever meet inside SQLite. The
system releases the lock when its holder dies.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from store.errors import StoreUnavailable

PATIENCE: Final = 30.0
_SHORT: Final = 0.0005
_LONG: Final = 0.01


@contextmanager
def ticket(path: Path, *, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the ticket at ``path`` while the block runs.

    Args:
        path: A file beside the database; made when it is not there.
        patience: Seconds to wait for it.

    Raises:
        StoreUnavailable: another writer kept it for longer, or the file cannot be opened.
    """
    try:
        held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError as error:
        raise StoreUnavailable(f"cannot open {path}: {error.strerror}") from error
    try:
        _take(held, path, patience)
        try:
            yield
        finally:
            # A child forked meanwhile shares the lock: closing alone would leave it held.
            fcntl.flock(held, fcntl.LOCK_UN)
    finally:
        os.close(held)


def _take(held: int, path: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    pause = _SHORT
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise StoreUnavailable(
                    f"another process has been writing for {patience:g} s ({path})"
                ) from error
        else:
            return
        time.sleep(pause)
        pause = min(pause * 2, _LONG)
