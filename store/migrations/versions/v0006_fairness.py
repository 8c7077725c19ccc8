"""What a fair share is measured by: the domain of a run, and the connection it reads over."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_QUEUED: Final = "state = 'queued'"
# What an engine does not find here, it looks up: a connection stands in the contract's document.
_DOMAINS: Final = """
    UPDATE run SET domain = (SELECT domain FROM data_product WHERE key = run.product)
    WHERE state IN ('queued', 'running')
"""


def _index(name: str, columns: list[str]) -> None:
    only: dict[str, Any] = {  # options of a dialect are not typed
        "sqlite_where": sa.text(_QUEUED),
        "postgresql_where": sa.text(_QUEUED),
    }
    op.create_index(name, "run", columns, **only)


def upgrade() -> None:
    """Add the columns, tell what is known of runs under way, and make them quick to find."""
    op.add_column("contract_version", sa.Column("connection", sa.Text()))
    op.add_column("run", sa.Column("domain", sa.Text()))
    op.add_column("run", sa.Column("connection", sa.Text()))
    op.execute(_DOMAINS)
    _index("ix_run_lane", ["connection", "domain", "id"])
    _index("ix_run_handed", ["dispatched_at"])


def downgrade() -> None:
    """Take them away: runs are handed over by age alone again."""
    op.drop_index("ix_run_handed", "run")
    op.drop_index("ix_run_lane", "run")
    op.drop_column("run", "connection")
    op.drop_column("run", "domain")
    op.drop_column("contract_version", "connection")
