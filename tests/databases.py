"""A real PostgreSQL to keep the service in: a schema of the test's own, dropped after it."""

from collections.abc import Iterator
from contextlib import contextmanager

from store.engine import create_store_engine
from store.migrate import migrate
from tests.checks.postgres import ADDRESS, made


@contextmanager
def postgres_database() -> Iterator[str]:
    """URL of a migrated, empty database on PostgreSQL."""
    place = f"{ADDRESS.user}@{ADDRESS.host}:{ADDRESS.port}/{ADDRESS.database}"
    for server in made():
        url = f"postgresql+psycopg://{place}?options=-csearch_path%3D{server.schema}"
        engine = create_store_engine(url)
        migrate(engine)
        engine.dispose()
        yield url
