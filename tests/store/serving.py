"""A store that serves: connections stay open, and what is read is remembered."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.engine import create_reading_engine, create_store_engine
from store.memo import Commits, Memo
from store.sql_store import SqlStore


@contextmanager
def serving(database: Path) -> Iterator[SqlStore]:
    """Open ``database`` as the service does, and close it when the block ends."""
    engine = create_store_engine(f"sqlite:///{database}")
    reader = create_reading_engine(engine)
    commits = Commits(database, reader.dispose)
    yield SqlStore(engine, reader=reader, memo=Memo(commits.mark))
    commits.close()
    reader.dispose()
