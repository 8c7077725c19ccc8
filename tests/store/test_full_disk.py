"""A full disk: nothing is half written, reading goes on, and writing once there is room."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.engine import create_reading_engine, create_store_engine
from store.errors import StoreFull, StoreUnavailable
from store.migrate import migrate
from store.sql_store import SqlStore
from tests.store.build import asked, publish

_MEGABYTES = 4
_TRIES = 10_000
_ROOM = 400_000  # bytes for some transactions


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB."""
    place = tmp_path / "small"
    place.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    options = ["-t", "tmpfs", "-o", f"size={_MEGABYTES}m", "tmpfs", str(place)]
    done = subprocess.run([mount, *options], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)  # noqa: S607 - as mount was found


def _fill(place: Path) -> Path:
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    return ballast


def test_a_full_disk_loses_nothing_and_is_over_when_there_is_room(small_disk: Path):
    engine = create_store_engine(f"sqlite:///{small_disk}/assay.db")
    migrate(engine)
    reader = create_reading_engine(engine)
    store = SqlStore(engine, reader=reader)  # as the API has it
    with store.write() as shelf:
        publish(shelf)
    with store.read() as shelf:
        assert shelf.runs.page(product=None, before=None, limit=1) == ()
    ballast = _fill(small_disk)
    os.truncate(ballast, ballast.stat().st_size - _ROOM)

    written = 0
    with contextlib.suppress(StoreFull):
        while written < _TRIES:
            with store.write() as shelf:
                for half in ("left", "right"):
                    shelf.runs.add(asked(f"{written} {half}", cause="x" * 2000))
            written += 1
    with store.read() as shelf:
        kept = shelf.runs.page(product=None, before=None, limit=10_000)
    ballast.unlink()
    with store.write() as shelf:
        added = shelf.runs.add(asked("after"))

    reader.dispose()

    assert 0 < written < _TRIES
    assert len(kept) == 2 * written
    assert added[1]


def test_a_disk_without_any_room_is_told_as_that_at_the_first_look(small_disk: Path):
    engine = create_store_engine(f"sqlite:///{small_disk}/assay.db")
    migrate(engine)
    _fill(small_disk)

    with pytest.raises(StoreFull), SqlStore(engine).write():
        pass


def test_a_disk_that_is_full_is_one_way_of_being_unavailable():
    assert issubclass(StoreFull, StoreUnavailable)
