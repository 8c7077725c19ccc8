"""How products stand, for lists; and what a card of a past day needs that would be forgotten."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BIG: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WORD: Final = sa.String(40)
_INSTANT: Final = sa.DateTime(timezone=True)
_STATES: Final = "'triggered', 'acknowledged', 'mitigated', 'resolved', 'closed'"
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
# So that the engine looks at each product soon; till then none is taken for proven.
_MARKED: Final = """
    INSERT INTO product_mark (product, quality, low, proven_until, failing, blocking, errored, lost,
                              scored_at)
    SELECT p.key, s.quality, s.low, coalesce(s.at, :long_ago), coalesce(s.failing, 0), 0, 0, 0,
           CASE WHEN s.id IS NOT NULL THEN :long_ago END
    FROM data_product p
    LEFT JOIN score_snapshot s ON s.id = (
        SELECT max(id) FROM score_snapshot WHERE product = p.key
    )
"""
_FILLED: Final = (
    # A run left a score exactly where its answers counted.
    "UPDATE run SET counted = true WHERE id IN (SELECT run_id FROM score_snapshot)",
    """
    INSERT INTO clause_drop (clause_id, at)
    SELECT clause_id, dropped_at FROM clause_standing WHERE dropped_at IS NOT NULL
    """,
    """
    INSERT INTO incident_past (incident_id, at, state, title, resolved_at, acknowledged_by, reason)
    SELECT id, opened_at, CASE WHEN resolved_at IS NULL THEN state ELSE 'triggered' END, title,
           NULL, CASE WHEN resolved_at IS NULL THEN acknowledged_by END, ''
    FROM incident
    """,
    """
    INSERT INTO incident_past (incident_id, at, state, title, resolved_at, acknowledged_by, reason)
    SELECT id, resolved_at, state, title, resolved_at, acknowledged_by, reason
    FROM incident WHERE resolved_at IS NOT NULL
    """,
)


def _numbered(name: str, *parts: sa.schema.SchemaItem) -> None:
    key = sa.Column("id", _BIG, primary_key=True, autoincrement=True)
    op.create_table(name, key, *parts, sqlite_autoincrement=True)


def _needed(kind: TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _product_mark() -> None:
    op.create_table(
        "product_mark",
        sa.Column("product", sa.Text(), sa.ForeignKey("data_product.key"), primary_key=True),
        sa.Column("quality", sa.Float()),
        sa.Column("low", sa.Float()),
        sa.Column("proven_until", _INSTANT),
        *_needed(sa.Integer(), "failing", "blocking", "errored", "lost"),
        sa.Column("scored_at", _INSTANT),
    )
    op.create_index("ix_product_mark_scored_at", "product_mark", ["scored_at"])


def _clause_drop() -> None:
    _numbered(
        "clause_drop",
        sa.Column("clause_id", _BIG, sa.ForeignKey("clause.id"), nullable=False),
        *_needed(_INSTANT, "at"),
    )
    op.create_index("ix_clause_drop_clause_id_at", "clause_drop", ["clause_id", "at"])


def _incident_past() -> None:
    _numbered(
        "incident_past",
        sa.Column("incident_id", _BIG, sa.ForeignKey("incident.id"), nullable=False),
        *_needed(_INSTANT, "at"),
        *_needed(_WORD, "state"),
        *_needed(sa.Text(), "title", "reason"),
        sa.Column("resolved_at", _INSTANT),
        sa.Column("acknowledged_by", sa.Text()),
        sa.CheckConstraint(f"state IN ({_STATES})", name="state"),
    )
    op.create_index("ix_incident_past_incident_id_at", "incident_past", ["incident_id", "at"])


def _index_words() -> None:
    """Write down the words by which each product is found."""
    connection = op.get_bind()
    words: defaultdict[str, list[str]] = defaultdict(list)
    products = connection.execute(
        sa.text("SELECT key, name, domain, owner, purpose FROM data_product")
    )
    for row in products:
        words[row.key] += [word for word in row if word]
    clauses = connection.execute(
        sa.text(
            "SELECT DISTINCT c.product, l.schema_name, l.column_name FROM clause l "
            "JOIN contract c ON c.id = l.contract_id WHERE l.retired_at IS NULL"
        )
    )
    for product, *names in clauses:
        words[product] += [name for name in names if name]
    rows = [
        {"key": key, "search": "\n".join(dict.fromkeys(word.casefold() for word in found))}
        for key, found in words.items()
    ]
    if rows:
        update = sa.text("UPDATE data_product SET search = :search WHERE key = :key")
        connection.execute(update, rows)


def upgrade() -> None:
    """Make the tables and columns, and fill them as far as what is there tells."""
    _product_mark()
    _clause_drop()
    _incident_past()
    op.add_column(
        "run",
        sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    op.add_column(
        "data_product",
        sa.Column("search", sa.Text(), nullable=False, server_default=sa.text("''")),
    )
    op.create_index("ix_audit_event_subject_id", "audit_event", ["subject", "id"])
    long_ago = sa.bindparam("long_ago", _LONG_AGO, _INSTANT)
    op.execute(sa.text(_MARKED).bindparams(long_ago))
    for statement in _FILLED:
        op.execute(sa.text(statement))
    _index_words()


def downgrade() -> None:
    """Take columns and tables away."""
    op.drop_index("ix_audit_event_subject_id", "audit_event")
    op.drop_column("data_product", "search")
    op.drop_column("run", "counted")
    for table in ("incident_past", "clause_drop", "product_mark"):
        op.drop_table(table)
