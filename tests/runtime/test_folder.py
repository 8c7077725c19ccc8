import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from runtime.folder import FolderUnusable, occupied

Usage = namedtuple("Usage", "total used free")


def test_a_folder_is_made_where_it_is_missing(tmp_path: Path):
    with occupied(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b").is_dir()


def test_a_second_service_is_refused_and_told_who_holds_it(tmp_path: Path):
    refused = pytest.raises(FolderUnusable, match=r"process \d+\) already runs")

    with occupied(tmp_path), refused, occupied(tmp_path):
        pass


def test_a_folder_is_free_again_afterwards(tmp_path: Path):
    with occupied(tmp_path):
        pass

    with occupied(tmp_path):
        pass


def test_what_cannot_be_written_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("")

    refused = pytest.raises(FolderUnusable, match=r"cannot write to the data folder .*file")

    with refused, occupied(tmp_path / "file" / "data"):
        pass


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100, 100, 0))

    with pytest.raises(FolderUnusable, match="is full"), occupied(tmp_path):
        pass
