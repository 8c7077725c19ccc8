"""The database itself, for commands of whoever owns its files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from cli.errors import Unready
from cli.options import settings
from runtime.settings import Settings
from store.engine import create_store_engine, database_file
from store.migrate import ahead
from store.sql_store import SqlStore


@contextmanager
def open_store(data: Path | None) -> Iterator[SqlStore]:
    """Open the embedded database in a data folder; without one, what the settings name.

    Raises:
        Unready: There is none, or it is of an older release.
        StoreError: It cannot be used now.
    """
    read = settings(data=data)
    engine = existing_engine(read)
    try:
        if ahead(engine):
            raise Unready("the database is of another release; bring it here with 'assay migrate'")
        yield SqlStore(engine)
    finally:
        engine.dispose()


def existing_engine(read: Settings) -> Engine:
    """Return the engine of a database that is there; an SQLite file is never made by looking at it.

    Raises:
        Unready: The file is missing.
    """
    engine = create_store_engine(read.database)
    file = database_file(engine)
    if file is not None and not file.exists():
        raise Unready(f"no database at {file}; 'assay up' or 'assay migrate' makes one")
    return engine
