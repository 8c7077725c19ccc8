import importlib
import io
import multiprocessing
import re
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Engine, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from products.model import Connection
from store.columns import METADATA
from store.engine import create_store_engine, reading, writing
from store.errors import UnknownRevision
from store.migrate import configuration, migrate, pending, revision
from store.sql_store import SqlStore
from store.tables import door, feed, judging, past, promise, triggers, trouble

_HEAD = "0009"
assert all(
    (door, feed, judging, past, promise, triggers, trouble)
)  # loaded, so that the metadata is complete


def _new(tmp_path: Path) -> Engine:
    return create_store_engine(f"sqlite:///{tmp_path}/new.db")


def _shape(engine: Engine) -> dict[str, list[str]]:
    """The pieces of each table's and index's definition, in no order."""
    with reading(engine) as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master "
            "WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%' AND name NOT LIKE 'sqlite%'"
        ).all()
    # A column that was added later stands in its predecessor's line.
    return {
        name: sorted(filter(None, re.split(r",\s*(?=[\w\"]+ [A-Z])|,?\s*\n\s*", sql)))
        for name, sql in rows
    }


def _up_to(engine: Engine, to: str) -> None:
    with writing(engine) as connection:
        command.upgrade(configuration(connection), to)


def test_an_empty_database_is_brought_to_the_newest_revision(tmp_path: Path):
    engine = _new(tmp_path)

    assert (revision(engine), pending(engine)) == (None, True)
    assert migrate(engine) == (None, _HEAD)
    assert (revision(engine), pending(engine)) == (_HEAD, False)


def test_migrating_again_changes_nothing(engine: Engine):
    assert migrate(engine) == (_HEAD, _HEAD)


def test_the_migrated_database_is_what_the_tables_say(engine: Engine):
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        differences = compare_metadata(context, METADATA)

    assert differences == []


def test_the_migrated_database_has_each_constraint_of_the_tables(engine: Engine, tmp_path: Path):
    straight = _new(tmp_path)
    with writing(straight) as connection:
        METADATA.create_all(connection)

    assert _shape(engine) == _shape(straight)


def test_every_revision_can_be_taken_back_and_made_again(engine: Engine):
    with writing(engine) as connection:
        command.downgrade(configuration(connection), "base")
    with reading(engine) as connection:
        left = inspect(connection).get_table_names()

    assert left == ["alembic_version"]
    assert migrate(engine) == (None, _HEAD)


def test_a_database_of_a_newer_release_is_refused(engine: Engine):
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(UnknownRevision, match="9999"):
        migrate(engine)

    assert pending(engine)


def test_a_fault_of_the_scripts_is_not_taken_for_a_newer_release(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_args: object) -> None:
        raise CommandError("two heads")

    monkeypatch.setattr(command, "upgrade", fail)

    with pytest.raises(CommandError, match="two heads"):
        migrate(engine)


def test_a_migration_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    engine, upgrade = _new(tmp_path), command.upgrade

    def stop_late(config: Config, to: str) -> None:
        upgrade(config, to)
        raise ZeroDivisionError

    monkeypatch.setattr(command, "upgrade", stop_late)
    with pytest.raises(ZeroDivisionError):
        migrate(engine)

    with reading(engine) as connection:
        assert inspect(connection).get_table_names() == []


def _migrate_in_a_process(url: str) -> tuple[str | None, str]:
    return migrate(create_store_engine(url))


def test_processes_that_start_at_once_migrate_once(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/new.db"

    with multiprocessing.get_context("spawn").Pool(3) as pool:
        done = pool.map(_migrate_in_a_process, [url] * 3, chunksize=1)

    assert sorted(done, key=str) == [(_HEAD, _HEAD), (_HEAD, _HEAD), (None, _HEAD)]


def test_connections_of_the_first_revision_live_on(tmp_path: Path):
    engine = _new(tmp_path)
    _up_to(engine, "0001")
    with writing(engine) as connection:
        connection.exec_driver_sql(
            "INSERT INTO connection (name, source, roots) VALUES ('lake', 'files', '[\"/lake\"]')"
        )

    assert migrate(engine) == ("0001", _HEAD)

    lake = Connection(name="lake", source="files", roots=(Path("/lake"),))
    with SqlStore(engine).read() as shelf:
        assert shelf.connections.all() == (lake,)


def test_going_back_leaves_the_connections_that_the_first_revision_knew(tmp_path: Path):
    engine = _new(tmp_path)
    migrate(engine)
    with writing(engine) as connection:
        connection.exec_driver_sql(
            "INSERT INTO connection (name, source, roots, database) VALUES "
            "('lake', 'files', '[]', NULL), ('sales', 'postgresql', '[]', '{}')"
        )
        command.downgrade(configuration(connection), "0001")

    with reading(engine) as connection:
        names = connection.exec_driver_sql("SELECT name FROM connection").scalars().all()
    assert (names, revision(engine)) == (["lake"], "0001")


def test_postgresql_gets_the_column_that_its_table_says():
    written = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": written}
    )
    with Operations.context(context):
        importlib.import_module("store.migrations.versions.v0002_databases").upgrade()

    assert written.getvalue().strip() == "ALTER TABLE connection ADD COLUMN database JSON;"
    whole = str(CreateTable(promise.CONNECTION).compile(dialect=postgresql.dialect()))
    assert "database JSON" in whole
