"""Receivers to which nothing is sent any more, since they said that they are gone."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; nobody is disabled so far."""
    op.create_table(
        "disabled_receiver",
        sa.Column("channel", sa.String(40), primary_key=True),
        sa.Column("target", sa.Text(), primary_key=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    """Take the table away: each receiver is tried again."""
    op.drop_table("disabled_receiver")
