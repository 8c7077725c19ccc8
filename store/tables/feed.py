"""What happened, told to whoever follows, and what was answered to requests with a key."""

from typing import Final

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from store.columns import METADATA
from store.tables.build import WORD, instant, numbered

# Numbered in the order of commits: ``store.events`` sees to that.
HAPPENED: Final = numbered(
    "event",
    instant("at"),
    Column("kind", WORD, nullable=False),
    Column("subject", Text, nullable=False),
    Column("product", Text),
    Column("facts", JSON, nullable=False),
    Index(None, "at"),
    Index(None, "kind", "id"),
    Index(None, "product", "id"),
)

# Without a status: still being worked on, or left behind by an attempt that crashed.
KEY: Final = numbered(
    "idempotency_key",
    Column("principal", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("request", String(64), nullable=False),
    Column("attempt", Integer, nullable=False),
    instant("claimed_at"),
    instant("expires_at"),
    Column("status", Integer),
    Column("headers", JSON(none_as_null=True)),
    Column("body", LargeBinary),
    UniqueConstraint("principal", "key"),
    Index(None, "expires_at"),
)

WATCH: Final = Table(
    "assurance_watch",
    METADATA,
    Column("product", Text, ForeignKey("data_product.key"), primary_key=True),
    instant("looked_at"),
    Index(None, "looked_at"),
)
