"""Triggers that join runs, and the names by which lineage knows the data of contracts."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BIG: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what is new; a run that is there was asked for once, by nobody knows whom."""
    cause = sa.Column("cause", sa.Text(), nullable=False, server_default=sa.text("''"))
    triggers = sa.Column("triggers", sa.Integer(), nullable=False, server_default=sa.text("1"))
    for column in (cause, triggers):
        op.add_column("run", column)
    op.create_table(
        "run_trigger",
        sa.Column("id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("run_id", _BIG, nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("interval_end", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("dedupe_key", name="uq_run_trigger_dedupe_key"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name="fk_run_trigger_run_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_run_trigger"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_run_trigger_run_id", "run_trigger", ["run_id"])
    op.create_table(
        "contract_dataset",
        sa.Column("id", _BIG, primary_key=True, autoincrement=True),
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contract.id"], name="fk_contract_dataset_contract_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contract_dataset"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contract_dataset_name", "contract_dataset", ["name"])
    op.create_index(
        "ix_contract_dataset_contract_id_version", "contract_dataset", ["contract_id", "version"]
    )


def downgrade() -> None:
    """Forget what asked for runs."""
    op.drop_table("contract_dataset")
    op.drop_table("run_trigger")
    for name in ("triggers", "cause"):
        op.drop_column("run", name)
