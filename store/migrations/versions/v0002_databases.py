"""Connections lead to databases, too: where one is and as whom it is asked, or null for files."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; connections that are there lead to files."""
    op.add_column("connection", sa.Column("database", sa.JSON()))


def downgrade() -> None:
    """Take the column away, and with it the connections that mean nothing without it."""
    connection = sa.table("connection", sa.column("database"))
    op.execute(sa.delete(connection).where(connection.c.database.is_not(None)))
    op.drop_column("connection", "database")
