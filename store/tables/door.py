"""Who may come in, what they did, and which processes are alive."""

from typing import Final

from sqlalchemy import Column, Index, String, Table, Text

from store.columns import METADATA
from store.tables.build import WORD, instant, numbered

TOKEN: Final = numbered(
    "token",
    Column("name", Text, nullable=False),
    Column("role", WORD, nullable=False),
    Column("domain", Text, nullable=False),
    Column("prefix", Text, nullable=False, index=True),
    Column("digest", Text, nullable=False, unique=True),
    instant("created_at"),
    instant("expires_at", known=False),
    instant("revoked_at", known=False),
)

# Two entries can never follow the same one, so the chain has no fork.
AUDIT: Final = numbered(
    "audit_event",
    instant("at"),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
    Index(None, "subject", "id"),
)

HEARTBEAT: Final = Table(
    "heartbeat", METADATA, Column("process", Text, primary_key=True), instant("at")
)
