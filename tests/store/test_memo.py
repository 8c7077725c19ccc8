import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.engine import create_memo, create_reading_engine, create_store_engine
from store.errors import StoreUnavailable, Unremembered
from store.memo import Commits, Mark, Memo
from store.sql_store import Remembered, SqlShelf, SqlStore
from tests.store.build import NOON
from tests.store.serving import serving

KEY = "pulse"


class Database:
    """A number that somebody commits anew now and then; it counts how often it is read."""

    def __init__(self) -> None:
        self.value = 0
        self.reads = 0
        self.telling = True

    def commit(self) -> None:
        self.value += 1

    def mark(self) -> Mark | None:
        return Mark(opening=1, count=self.value) if self.telling else None

    def read(self) -> int:
        self.reads += 1
        return self.value


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def memo(database: Database) -> Memo:
    return Memo(database.mark, most=3, bound=100)


def recall(memo: Memo, read, name: str = KEY, *, fits=lambda _: True, size: int = 1):
    return memo.recall(name, read, fits=fits, size=lambda _: size)


def test_what_was_read_is_not_read_again(memo: Memo, database: Database):
    found = [recall(memo, database.read) for _ in range(3)]

    assert found == [0, 0, 0]
    assert database.reads == 1


def test_after_a_commit_it_is_read_again(memo: Memo, database: Database):
    before = recall(memo, database.read)
    database.commit()

    found = [recall(memo, database.read) for _ in range(2)]

    assert (before, found) == (0, [1, 1])
    assert database.reads == 2


def test_a_commit_between_the_mark_and_the_rows_makes_it_read_again(memo: Memo, database: Database):
    def read_amid_commits() -> int:
        database.commit()
        value = database.read()
        database.commit()
        return value

    first = recall(memo, read_amid_commits)

    assert (first, recall(memo, database.read)) == (1, 2)


def test_a_slow_reader_leaves_nothing_old_behind_a_newer_mark(memo: Memo, database: Database):
    def overtaken() -> int:
        value = database.read()
        database.commit()
        assert recall(memo, database.read) == 1
        return value

    first = recall(memo, overtaken)

    assert (first, recall(memo, database.read)) == (0, 1)


def test_where_the_state_cannot_be_told_nothing_is_remembered(memo: Memo, database: Database):
    recall(memo, database.read)
    database.telling = False

    for _ in range(2):
        recall(memo, database.read)

    assert database.reads == 3


def test_what_does_not_fit_is_read_again_and_remembered_instead(memo: Memo, database: Database):
    recall(memo, database.read)

    recall(memo, database.read, fits=lambda _: False)
    recall(memo, database.read)

    assert database.reads == 2


def test_what_raises_is_not_remembered(memo: Memo, database: Database):
    def broken() -> int:
        raise StoreUnavailable("the disk is gone")

    with pytest.raises(StoreUnavailable):
        recall(memo, broken)

    assert recall(memo, database.read) == 0


def test_what_was_asked_for_last_is_remembered(memo: Memo, database: Database):
    for name in ("a", "b", "c", "a", "d"):
        recall(memo, database.read, name)
    assert database.reads == 4

    recall(memo, database.read, "a")
    assert database.reads == 4

    recall(memo, database.read, "b")
    assert database.reads == 5


@pytest.mark.parametrize(("size", "reads"), [(50, 2), (51, 4), (101, 4)])
def test_no_more_bytes_are_remembered_than_the_bound(
    memo: Memo, database: Database, size: int, reads: int
):
    for name in ("a", "b", "a", "b"):
        recall(memo, database.read, name, size=size)

    assert database.reads == reads


@pytest.fixture
def path(migrated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated, tmp_path / "served.db"))


@pytest.fixture
def served(path: Path) -> Iterator[SqlStore]:
    with serving(path) as store:
        yield store


def beats(shelf: SqlShelf) -> list[str]:
    return sorted(shelf.heartbeats.latest())


def seen(store: SqlStore | Remembered) -> list[str]:
    return store.recall(KEY, beats)


def beat(store: SqlStore, name: str) -> None:
    with store.write() as shelf:
        shelf.heartbeats.beat(name, NOON)


def test_what_is_remembered_needs_no_reading(served: SqlStore):
    found = seen(served)

    assert seen(served) is found
    assert seen(served.remembered) is found


def test_who_cannot_wait_gets_what_is_remembered_or_nothing(served: SqlStore):
    beat(served, "a")
    with pytest.raises(Unremembered):
        seen(served.remembered)
    seen(served)

    assert seen(served.remembered) == ["a"]
    beat(served, "b")
    with pytest.raises(Unremembered):
        seen(served.remembered.remembered)
    with pytest.raises(Unremembered):
        served.remembered.read()


def test_a_store_that_remembers_nothing_says_so_to_who_cannot_wait(store: SqlStore):
    assert seen(store) == []

    with pytest.raises(Unremembered):
        seen(store.remembered)


def test_a_commit_of_this_process_is_seen_by_the_next_read(served: SqlStore):
    found = [seen(served)]
    for name in ("a", "b"):
        beat(served, name)
        found.append(seen(served))

    assert found == [[], ["a"], ["a", "b"]]


def test_a_commit_of_another_process_is_seen_by_the_next_read(served: SqlStore, path: Path):
    code = (
        "import sys\n"
        "from store.engine import create_store_engine\n"
        "from store.sql_store import SqlStore\n"
        "from tests.store.build import NOON\n"
        "with SqlStore(create_store_engine(sys.argv[1])).write() as shelf:\n"
        "    shelf.heartbeats.beat('elsewhere', NOON)\n"
    )
    before = seen(served)

    subprocess.run([sys.executable, "-c", code, f"sqlite:///{path}"], check=True)

    assert (before, seen(served)) == ([], ["elsewhere"])


def test_a_commit_while_the_rows_are_read_is_seen_by_the_next_read(
    served: SqlStore, engine: Engine
):
    def amid(shelf: SqlShelf) -> list[str]:
        found = beats(shelf)
        beat(served, "meanwhile")
        return found

    found = served.recall(KEY, amid)

    assert (found, seen(served)) == ([], ["meanwhile"])


def test_what_was_rolled_back_is_never_seen(served: SqlStore):
    def beat_and_fail() -> None:
        with served.write() as shelf:
            shelf.heartbeats.beat("a", NOON)
            raise StoreUnavailable("the disk is full")

    with pytest.raises(StoreUnavailable):
        beat_and_fail()

    assert seen(served) == []


def test_a_file_that_is_put_in_place_is_found_at_once(served: SqlStore, path: Path, migrated: Path):
    fresh = Path(shutil.copy(migrated, path.with_name("fresh.db")))
    with serving(fresh) as other:
        beat(other, "restored")
    before = seen(served)

    fresh.replace(path)

    assert (before, seen(served)) == ([], ["restored"])


def test_a_database_that_is_not_there_is_told_as_without_a_memory(tmp_path: Path, migrated: Path):
    path = tmp_path / "nowhere" / "late.db"
    with serving(path) as store:
        with pytest.raises(StoreUnavailable):
            seen(store)
        path.parent.mkdir()
        shutil.copy(migrated, path)

        assert seen(store) == []
        assert seen(store.remembered) == []


def test_a_path_that_means_something_in_an_address_is_opened_as_it_is(
    tmp_path: Path, migrated: Path
):
    path = Path(shutil.copy(migrated, tmp_path / "a b?mode=rwc#c%20d.db"))
    commits = Commits(path, lambda: None)

    marks = [commits.mark(), commits.mark()]

    commits.close()
    assert marks[0] is not None
    assert marks[0] == marks[1]


def test_what_a_server_keeps_is_not_remembered():
    engine = create_store_engine("postgresql+psycopg://nobody@localhost/none")

    assert create_memo(engine, create_reading_engine(engine)) is None
