import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, insert, select, text
from sqlalchemy.dialects import postgresql

from store.engine import (
    create_reading_engine,
    create_store_engine,
    database_file,
    reading,
    writing,
)
from store.errors import NestedWrite, StoreConflict, StoreError, StoreUnavailable
from store.tables.promise import CONNECTION, DOMAIN, PRODUCT


def _domains(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(select(DOMAIN.c.name)).scalars())


def test_a_connection_is_durable_and_holds_references(engine: Engine):
    with writing(engine) as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }


def test_what_is_written_is_there_afterwards(engine: Engine):
    with writing(engine) as connection:
        connection.execute(insert(DOMAIN).values(name="sales"))

    assert _domains(engine) == ["sales"]


def test_a_block_that_raises_writes_nothing(engine: Engine):
    def write_and_fail() -> None:
        with writing(engine) as connection:
            connection.execute(insert(DOMAIN).values(name="sales"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()

    assert _domains(engine) == []


def test_a_reading_transaction_cannot_write(engine: Engine):
    with pytest.raises(StoreError), reading(engine) as connection:
        connection.execute(insert(DOMAIN).values(name="sales"))

    assert _domains(engine) == []


def test_a_reader_sees_one_state_while_a_writer_commits(engine: Engine):
    with reading(engine) as connection:
        before = connection.execute(select(DOMAIN.c.name)).all()
        with writing(engine) as writer:
            writer.execute(insert(DOMAIN).values(name="sales"))
        after = connection.execute(select(DOMAIN.c.name)).all()

    assert before == after == []


def test_a_write_inside_a_write_is_refused_at_once(engine: Engine):
    with writing(engine), pytest.raises(NestedWrite), writing(engine):
        pass  # pragma: no cover

    with writing(engine) as connection:
        connection.execute(insert(DOMAIN).values(name="sales"))
    assert _domains(engine) == ["sales"]


def test_threads_write_one_after_another(engine: Engine):
    faults: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for number in range(10):
                with writing(engine) as connection:
                    connection.execute(insert(DOMAIN).values(name=f"{name}{number}"))
        except StoreError as error:
            faults.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert len(_domains(engine)) == 40


def test_a_broken_uniqueness_is_a_conflict(engine: Engine):
    with pytest.raises(StoreConflict, match="UNIQUE"), writing(engine) as connection:
        connection.execute(insert(DOMAIN), [{"name": "sales"}, {"name": "sales"}])


def test_a_broken_reference_is_a_conflict(engine: Engine):
    product = {"key": "a.b", "domain": "nowhere", "name": "b", "purpose": ""}

    with pytest.raises(StoreConflict, match="FOREIGN KEY"), writing(engine) as connection:
        connection.execute(insert(PRODUCT).values(product))


def test_a_full_disk_is_said_in_one_line(engine: Engine):
    row = {"name": "big", "source": "files", "roots": ["x" * 10_000_000]}

    def fill() -> None:
        with writing(engine) as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
            connection.execute(insert(CONNECTION).values(row))

    with pytest.raises(StoreUnavailable) as caught:
        fill()

    assert str(caught.value) == "database or disk is full"


def test_a_read_only_database_is_said_in_one_line(engine: Engine):
    def write() -> None:
        with writing(engine) as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            connection.execute(insert(DOMAIN).values(name="sales"))

    with pytest.raises(StoreUnavailable) as caught:
        write()

    assert str(caught.value) == "attempt to write a readonly database"


def test_a_folder_that_is_not_there_is_said_in_one_line(tmp_path: Path):
    engine = create_store_engine(f"sqlite:///{tmp_path}/missing/assay.db")

    with pytest.raises(StoreUnavailable, match="unable to open database file"), reading(engine):
        pass  # pragma: no cover
    with pytest.raises(StoreUnavailable, match="No such file or directory"), writing(engine):
        pass  # pragma: no cover


def test_a_file_that_is_no_database_is_said_in_one_line(tmp_path: Path):
    (tmp_path / "assay.db").write_text("not a database at all, but long enough to look at" * 50)
    engine = create_store_engine(f"sqlite:///{tmp_path}/assay.db")

    with pytest.raises(StoreUnavailable, match=r"^file is not a database$"):
        _domains(engine)
    with pytest.raises(StoreUnavailable, match=r"^file is not a database$"), writing(engine):
        pass  # pragma: no cover


def test_a_statement_that_is_wrong_is_an_error_of_the_store(engine: Engine):
    with pytest.raises(StoreError, match="bind parameter"), reading(engine) as connection:
        connection.execute(text("SELECT :missing"))


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "nonsense", "nosuch://host/db"])
def test_a_url_that_names_no_database_is_refused(url: str):
    with pytest.raises(StoreError, match="database URL"):
        create_store_engine(url)


class _Server:
    """What ``database_file`` looks at, of an engine for a database on a server."""

    dialect = postgresql.dialect


def test_a_database_on_a_server_has_no_file():
    assert database_file(_Server()) is None  # type: ignore[arg-type] # a stand-in


def test_the_file_of_a_database_is_absolute(engine: Engine, tmp_path: Path):
    assert database_file(engine) == tmp_path / "assay.db"


def test_a_kept_connection_reads_what_was_written_meanwhile_and_cannot_write(engine: Engine):
    kept = create_reading_engine(engine)
    before = _domains(kept)

    with writing(engine) as connection:
        connection.execute(insert(DOMAIN).values(name="sales"))

    assert (before, _domains(kept)) == ([], ["sales"])
    with pytest.raises(StoreError), reading(kept) as connection:
        connection.execute(insert(DOMAIN).values(name="other"))
    kept.dispose()


def test_connections_for_reading_are_kept_open_on_an_embedded_database_only(engine: Engine):
    opened: list[object] = []
    kept = create_reading_engine(engine)
    event.listen(kept, "connect", lambda *_: opened.append(1))
    server = create_store_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")

    for _ in range(3):
        _domains(kept)
    kept.dispose()

    assert opened == [1]
    assert create_reading_engine(server) is server
