import tempfile
from pathlib import Path

import pytest

from checks.location import Limits
from checks.sources.session import LockedSession

MUCH = "SELECT count(*) FROM (SELECT range AS id, hash(range) AS h FROM range(5000000) ORDER BY h)"


def folder_of(session):
    (told,) = session.run("SELECT current_setting('temp_directory')").rows
    return Path(str(told[0]))


def test_a_query_that_needs_more_than_its_memory_spills_and_succeeds(tmp_path):
    session = LockedSession([tmp_path], Limits(memory_mb=64))

    answer = session.run(MUCH)

    assert answer.rows == [(5_000_000,)]
    session.close()


@pytest.mark.parametrize("given", [True, False])
def test_each_session_has_a_folder_of_its_own_and_removes_it(tmp_path, given):
    parent = tmp_path / "not" / "yet" if given else Path(tempfile.gettempdir())
    limits = Limits(memory_mb=64, temp_directory=parent if given else None)
    first, second = LockedSession([tmp_path], limits), LockedSession([tmp_path], limits)

    folders = [folder_of(first), folder_of(second)]
    first.run(MUCH)

    assert folders[0] != folders[1]
    assert [folder.parent for folder in folders] == [parent, parent]
    first.close()
    assert [folder.exists() for folder in folders] == [False, True]
    second.close()
    assert not folders[1].exists()


def test_a_session_that_cannot_be_opened_leaves_no_folder(tmp_path):
    with pytest.raises(Exception, match="at least 1 thread"):
        LockedSession([], Limits(threads=0, temp_directory=tmp_path))

    assert list(tmp_path.iterdir()) == []
