from collections import namedtuple

import pytest

from cli.options import settings
from cli.probes import machine
from cli.probes.finding import State

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(
    ("version", "state"), [((3, 11), State.OK), ((3, 13), State.OK), ((3, 14), State.WARN)]
)
def test_a_python_that_was_not_tested_is_told(monkeypatch, version, state):
    monkeypatch.setattr("cli.probes.machine.sys.version_info", (*version, 0))

    found = machine.python(settings())

    assert found.state is state
    assert bool(found.advice) is (state is State.WARN)


def test_the_pinned_engines_are_the_tested_ones():
    assert machine.engines(settings()).state is State.OK


def test_another_version_is_told_beside_the_tested_one(monkeypatch):
    monkeypatch.setattr("cli.probes.machine._TESTED", {"pandera": "0.1"})
    monkeypatch.setattr("cli.probes.machine.version", lambda _: "0.10.2")

    found = machine.engines(settings())

    assert (found.state, found.detail) == (State.WARN, "pandera 0.10.2 (tested: 0.1)")


def test_a_package_that_is_missing_fails(monkeypatch):
    monkeypatch.setattr("cli.probes.machine._TESTED", {"no-such-package-at-all": "1"})

    found = machine.engines(settings())

    assert (found.state, found.detail) == (State.FAIL, "not installed: no-such-package-at-all")


@pytest.mark.parametrize(("version", "state"), [((3, 51, 3), State.OK), ((3, 51, 2), State.WARN)])
def test_an_sqlite_with_the_wal_bug_is_told(monkeypatch, version, state):
    monkeypatch.setattr("cli.probes.machine.sqlite3.sqlite_version_info", version)

    assert machine.sqlite(settings()).state is state


def test_the_version_of_sqlite_is_no_matter_where_it_is_not_used(monkeypatch):
    monkeypatch.setenv("ASSAY_DATABASE_URL", "postgresql://x/y")

    assert machine.sqlite(settings()).detail == "not used"


def test_a_folder_that_can_be_written_is_fine(tmp_path):
    assert machine.folder(settings(data=tmp_path)).state is State.OK
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path):
    found = machine.folder(settings(data=tmp_path / "new"))

    assert (found.state, found.detail) == (State.WARN, f"{tmp_path / 'new'} is not there yet")


def test_a_folder_that_cannot_be_written_fails(tmp_path):
    (tmp_path / "file").touch()

    found = machine.folder(settings(data=tmp_path / "file"))

    assert found.state is State.FAIL
    assert "cannot be written: not a directory" in found.detail


@pytest.mark.parametrize(
    ("megabytes", "state"), [(2000, State.OK), (500, State.WARN), (10, State.FAIL)]
)
def test_a_disk_that_fills_up_is_told(monkeypatch, tmp_path, megabytes, state):
    free = Usage(0, 0, megabytes * 1024 * 1024)
    monkeypatch.setattr("cli.probes.machine.shutil.disk_usage", lambda _: free)

    found = machine.disk(settings(data=tmp_path / "not" / "yet"))

    assert (found.state, found.detail) == (state, f"{megabytes:,} MB free")
