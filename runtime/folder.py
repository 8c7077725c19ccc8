"""The data folder of the embedded default: one service at a time, and it must be writable."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_NEEDED: Final = 16 * 1024 * 1024  # bytes that must be free at the start


class FolderUnusable(Exception):
    """The data folder cannot be used; the message says which, why and what to do."""


@contextlib.contextmanager
def occupied(folder: Path) -> Iterator[None]:
    """Hold ``folder`` for this process while the block runs, creating it where it is missing.

    Raises:
        FolderUnusable: it cannot be written, is full, or another service holds it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        holder = (folder / "assay.pid").open("a+")
    except OSError as error:
        raise FolderUnusable(
            f"cannot write to the data folder {folder}: {error.strerror}"
        ) from error
    with holder:
        _take(folder, holder.fileno())
        if shutil.disk_usage(folder).free < _NEEDED:
            raise FolderUnusable(f"the disk of the data folder {folder} is full; free some space")
        try:
            holder.truncate(0)
            holder.write(f"{os.getpid()}\n")
            holder.flush()
        except OSError as error:
            raise FolderUnusable(f"cannot write to {folder}: {error.strerror}") from error
        yield


def _take(folder: Path, descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = (folder / "assay.pid").read_text().strip() or "unknown"
        raise FolderUnusable(
            f"another Assay (process {holder}) already runs on {folder}; "
            "stop it, or give --data another folder"
        ) from error
