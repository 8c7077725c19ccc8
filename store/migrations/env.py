"""Run by Alembic: applies revisions on the transaction that ``store.migrate`` opened."""

from alembic import context

from store.columns import METADATA
from store.tables import door, feed, judging, past, promise, trouble

__all__ = [
    "door",
    "feed",
    "judging",
    "past",
    "promise",
    "trouble",
]  # loaded, so that the metadata is complete

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
