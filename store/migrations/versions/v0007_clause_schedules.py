"""Clauses with schedules of their own: which timetables a schedule has, and which a run judges."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ADDED: Final = {"schedule": "parts", "run": "lines", "clause": "timetable"}


def upgrade() -> None:
    """Add what stays NULL for contracts whose clauses are all judged together."""
    for table, column in _ADDED.items():
        op.add_column(table, sa.Column(column, sa.JSON(none_as_null=True)))


def downgrade() -> None:
    """Take the columns away."""
    for table, column in _ADDED.items():
        op.drop_column(table, column)
