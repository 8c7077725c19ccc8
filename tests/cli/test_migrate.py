import pytest

from store.engine import writing
from store.migrate import head


def test_a_new_database_is_made_in_a_new_folder(assay, tmp_path):
    done = assay("migrate", "--data", str(tmp_path / "a" / "b"))

    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("database migrated: revision ")
    assert done.out.endswith(", from nothing\n")
    assert (tmp_path / "a" / "b" / "assay.db").exists()


@pytest.mark.usefixtures("store")
def test_one_that_is_up_to_date_stays_as_it_is(assay, tmp_path):
    text = assay("migrate", "--data", str(tmp_path))
    document = assay("migrate", "--data", str(tmp_path), "--format", "json").document

    assert text.out.startswith("database up to date: revision ")
    assert document["changed"] is False
    assert document["before"] == document["revision"]


def test_a_folder_that_cannot_be_made_is_one_line(assay, tmp_path):
    (tmp_path / "file").touch()

    done = assay("migrate", "--data", str(tmp_path / "file" / "below"))

    assert (done.status, done.out) == (4, "")
    assert done.err.startswith(
        f"assay: cannot make the data folder {tmp_path / 'file' / 'below'}: "
    )


def test_a_database_that_cannot_be_reached_is_one_line(assay, monkeypatch):
    monkeypatch.setenv("ASSAY_DATABASE_URL", "nonsense")

    done = assay("migrate")

    assert (done.status, done.out) == (4, "")
    assert done.err.startswith("assay: cannot use the database URL")
    assert done.err.count("\n") == 1


def test_a_database_on_a_server_needs_no_folder(monkeypatch, assay):
    monkeypatch.setenv("ASSAY_DATABASE_URL", "postgresql+psycopg2://localhost:1/assay")
    monkeypatch.setattr("cli.migrate.bring", lambda _: ("0001", "0002"))
    monkeypatch.setattr("cli.migrate.create_store_engine", lambda _: _Server())

    assert assay("migrate").out == "database migrated: revision 0002, from 0001\n"


class _Dialect:
    name = "postgresql"


class _Server:
    dialect = _Dialect()

    def dispose(self):
        pass


def test_a_check_says_what_would_be_done_and_does_nothing(assay, tmp_path):
    text = assay("migrate", "--check", "--data", str(tmp_path))
    document = assay("migrate", "--check", "--data", str(tmp_path), "--format", "json").document

    assert text.status == 1
    assert text.out.startswith("database at nothing: it would be migrated\n  0001  ")
    assert document["before"] is None
    assert document["pending"][-1]["revision"] == head()
    assert not (tmp_path / "assay.db").exists()


@pytest.mark.usefixtures("store")
def test_a_check_of_what_is_up_to_date_ends_well(assay, tmp_path):
    done = assay("migrate", "--check", "--data", str(tmp_path))

    assert (done.status, done.out) == (0, f"database up to date: revision {head()}\n")


def test_a_check_of_a_database_of_a_newer_release_says_so(assay, store, tmp_path):
    with writing(store._engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    done = assay("migrate", "--check", "--data", str(tmp_path))

    assert done.status == 4
    assert "written by a newer" in done.err
