"""Ways to what may be let go of, and to whatever still names a run."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_run_finished_at", "run", "finished_at"),
    ("ix_clause_standing_judged_run", "clause_standing", "judged_run"),
    ("ix_clause_standing_answered_run", "clause_standing", "answered_run"),
)
_HELD = sa.text("evidence IS NOT NULL")


def upgrade() -> None:
    """Make the indexes."""
    for name, table, column in _INDEXES:
        op.create_index(name, table, [column])
    op.create_index(
        "ix_result_evidence",
        "result",
        ["known_at"],
        sqlite_where=_HELD,
        postgresql_where=_HELD,
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_result_evidence", "result")
    for name, table, _ in _INDEXES:
        op.drop_index(name, table)
