"""Stores on each database that the service keeps its record in."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from store.columns import METADATA
from store.engine import create_store_engine, writing
from store.migrate import migrate
from store.sql_store import SqlStore
from tests.checks.postgres import ADDRESS, MARKS, reached

KINDS: Final = ["sqlite", pytest.param("postgresql", marks=MARKS)]
"""For the fixture ``store_anywhere``."""
_SERVER: Final = (
    f"host={ADDRESS.host} port={ADDRESS.port} user={ADDRESS.user} dbname={ADDRESS.database}"
)
_URL: Final = (
    f"postgresql+psycopg://{ADDRESS.user}@{ADDRESS.host}:{ADDRESS.port}/{ADDRESS.database}"
)


def on_sqlite(migrated: Path, path: Path) -> SqlStore:
    """Return an empty store in a copy of a migrated database."""
    shutil.copy(migrated, path)
    return SqlStore(create_store_engine(f"sqlite:///{path}"))


@contextmanager
def on_postgresql() -> Iterator[Engine]:
    """Open a migrated database in a schema of its own, dropped at the end."""
    schema = f"assay_{uuid4().hex[:12]}"
    with reached() as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
        engine = create_store_engine(f"{_URL}?options=-csearch_path%3D{schema}")
        try:
            migrate(engine)
            yield engine
        finally:
            engine.dispose()
            connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())


def emptied(engine: Engine) -> SqlStore:
    """Return a store on a migrated database of which every row was taken away."""
    names = ", ".join(f'"{table}"' for table in METADATA.tables)
    with writing(engine) as connection:
        connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    return SqlStore(engine)
