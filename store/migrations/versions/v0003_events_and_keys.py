"""The feed of events, answers kept by key, progress of runs, and why a schedule stands still."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BIG: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WORD: Final = sa.String(40)
_INSTANT: Final = sa.DateTime(timezone=True)
_ADDED: Final[tuple[tuple[str, str, TypeEngine[Any]], ...]] = (
    ("run", "progress", sa.JSON(none_as_null=True)),
    ("schedule", "paused_at", _INSTANT),
    ("schedule", "paused_by", sa.Text()),
    ("schedule", "pause_reason", sa.Text()),
)


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("kind", _WORD, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("product", sa.Text()),
        sa.Column("facts", sa.JSON(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_event_at", "event", ["at"])
    op.create_index("ix_event_kind_id", "event", ["kind", "id"])
    op.create_index("ix_event_product_id", "event", ["product", "id"])


def _idempotency_key() -> None:
    op.create_table(
        "idempotency_key",
        sa.Column("id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("claimed_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("headers", sa.JSON(none_as_null=True)),
        sa.Column("body", sa.LargeBinary()),
        sa.UniqueConstraint("principal", "key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_idempotency_key_expires_at", "idempotency_key", ["expires_at"])


def _assurance_watch() -> None:
    op.create_table(
        "assurance_watch",
        sa.Column("product", sa.Text(), sa.ForeignKey("data_product.key"), primary_key=True),
        sa.Column("looked_at", _INSTANT, nullable=False),
    )
    op.create_index("ix_assurance_watch_looked_at", "assurance_watch", ["looked_at"])


def upgrade() -> None:
    """Make the tables, and add the columns; nothing runs and nothing stands still so far."""
    _event()
    _idempotency_key()
    _assurance_watch()
    for table, name, kind in _ADDED:
        op.add_column(table, sa.Column(name, kind))


def downgrade() -> None:
    """Take columns and tables away."""
    for table, name, _ in reversed(_ADDED):
        op.drop_column(table, name)
    for table in ("assurance_watch", "idempotency_key", "event"):
        op.drop_table(table)
