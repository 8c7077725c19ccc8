"""The first tables. Constraints get their names by the convention of ``store.columns``."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BIG: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WORD: Final = sa.String(40)
_INSTANT: Final = sa.DateTime(timezone=True)


def _numbered(name: str, *parts: SchemaItem) -> None:
    key = sa.Column("id", _BIG, primary_key=True, autoincrement=True)
    op.create_table(name, key, *parts, sqlite_autoincrement=True)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _needed(kind: TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]


def _maybe(kind: TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind) for name in names]


def _one_open(table: str, columns: list[str], condition: str, *, name: str) -> None:
    op.create_index(f"uq_{table}_{name}", table, columns, unique=True, **_only(condition))


def _later(target: str) -> sa.ForeignKey:
    return sa.ForeignKey(target, deferrable=True, initially="DEFERRED")


def _only(condition: str) -> dict[str, Any]:  # options of a dialect are not typed
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _domain() -> None:
    op.create_table("domain", sa.Column("name", sa.Text(), primary_key=True))


def _data_product() -> None:
    op.create_table(
        "data_product",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("domain", sa.Text(), sa.ForeignKey("domain.name"), nullable=False),
        *_needed(sa.Text(), "name", "purpose"),
        *_maybe(sa.Text(), "owner"),
    )
    _index("data_product", "domain")


def _connection() -> None:
    op.create_table(
        "connection",
        sa.Column("name", sa.Text(), primary_key=True),
        *_needed(_WORD, "source"),
        *_needed(sa.JSON(), "roots"),
    )


def _contract() -> None:
    op.create_table(
        "contract",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("product", sa.Text(), _later("data_product.key"), nullable=False),
    )
    _index("contract", "product")


def _output_port() -> None:
    _numbered(
        "output_port",
        sa.Column("product", sa.Text(), sa.ForeignKey("data_product.key"), nullable=False),
        *_needed(sa.Text(), "name"),
        sa.Column("contract_id", sa.Text(), _later("contract.id"), nullable=False),
        sa.UniqueConstraint("contract_id"),
    )
    _index("output_port", "product")


def _channel() -> None:
    _numbered(
        "channel",
        sa.Column(
            "port_id", _BIG, sa.ForeignKey("output_port.id", ondelete="CASCADE"), nullable=False
        ),
        *_needed(_WORD, "kind"),
        *_needed(sa.Text(), "target"),
        sa.UniqueConstraint("port_id", "kind", "target"),
    )


def _contract_version() -> None:
    _numbered(
        "contract_version",
        sa.Column("contract_id", sa.Text(), sa.ForeignKey("contract.id"), nullable=False),
        *_needed(sa.Text(), "version", "published_by"),
        sa.Column("product", sa.Text(), _later("data_product.key"), nullable=False),
        *_needed(sa.String(64), "sha256"),
        *_needed(_WORD, "media_type"),
        *_needed(sa.LargeBinary(), "body"),
        *_needed(_INSTANT, "published_at"),
        *_needed(sa.Boolean(), "current"),
        sa.UniqueConstraint("contract_id", "version"),
    )
    op.create_index(
        "uq_contract_version_current",
        "contract_version",
        ["contract_id"],
        unique=True,
        sqlite_where=sa.text("current IS 1"),
        postgresql_where=sa.text("current IS true"),
    )


def _clause() -> None:
    _numbered(
        "clause",
        sa.Column("contract_id", sa.Text(), sa.ForeignKey("contract.id"), nullable=False),
        *_needed(
            sa.Text(), "key", "version", "pointer", "threshold", "description", "skipped", "owner"
        ),
        *_needed(sa.Integer(), "position"),
        *_needed(_WORD, "kind", "severity"),
        *_maybe(sa.Text(), "schema_name", "column_name"),
        *_maybe(_WORD, "engine", "dimension"),
        *_needed(sa.JSON(), "arguments", "key_columns", "sensitive_columns"),
        *_needed(sa.Boolean(), "executable", "sensitive"),
        *_maybe(_INSTANT, "retired_at"),
        sa.UniqueConstraint("contract_id", "key"),
    )
    _index("clause", "contract_id", "position")


def _schedule() -> None:
    _numbered(
        "schedule",
        sa.Column("contract_id", sa.Text(), _later("contract.id"), nullable=False),
        *_maybe(sa.Text(), "cron"),
        *_maybe(sa.BigInteger(), "every"),
        *_needed(_WORD, "timezone", "missed"),
        *_maybe(sa.Integer(), "jitter"),
        *_needed(_INSTANT, "anchor", "instant", "due_at"),
        *_needed(sa.Boolean(), "paused"),
        sa.UniqueConstraint("contract_id"),
    )
    _index("schedule", "due_at")


def _run() -> None:
    _numbered(
        "run",
        *_needed(sa.Text(), "dedupe_key", "contract_id", "version", "error"),
        sa.Column("product", sa.Text(), sa.ForeignKey("data_product.key"), nullable=False),
        *_needed(_WORD, "trigger", "state"),
        sa.Column("schedule_id", _BIG, sa.ForeignKey("schedule.id", ondelete="SET NULL")),
        *_maybe(_INSTANT, "instant", "lease_until", "dispatched_at", "started_at", "finished_at"),
        *_needed(_INSTANT, "interval_start", "interval_end", "created_at"),
        *_needed(sa.Integer(), "fence", "attempt"),
        *_maybe(sa.Text(), "owner"),
        *_maybe(_WORD, "outcome"),
        *_needed(sa.JSON(), "counts", "seconds"),
        sa.ForeignKeyConstraint(
            ["contract_id", "version"], ["contract_version.contract_id", "contract_version.version"]
        ),
        sa.UniqueConstraint("schedule_id", "instant"),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'errored', 'lost')", name="state"
        ),
        sa.UniqueConstraint("dedupe_key"),
    )
    _index("run", "contract_id", "finished_at")
    _index("run", "product", "id")
    op.create_index("ix_run_queued", "run", ["contract_id", "id"], **_only("state = 'queued'"))
    _index("run", "state", "lease_until")
    _one_open("run", ["contract_id"], "state = 'running'", name="running")


def _result() -> None:
    _numbered(
        "result",
        sa.Column("run_id", _BIG, sa.ForeignKey("run.id"), nullable=False),
        sa.Column("clause_id", _BIG, sa.ForeignKey("clause.id"), nullable=False),
        *_needed(sa.Text(), "segment", "reason", "threshold"),
        *_needed(sa.Integer(), "position"),
        *_needed(_WORD, "outcome", "severity"),
        *_maybe(sa.JSON(none_as_null=True), "measured", "evidence"),
        *_maybe(_WORD, "unit", "dimension", "engine"),
        *_maybe(_BIG, "rows", "failed_rows"),
        *_maybe(sa.Float(), "elapsed"),
        *_needed(_INSTANT, "interval_start", "interval_end", "known_at"),
        sa.UniqueConstraint("run_id", "clause_id", "segment"),
        sa.CheckConstraint("outcome IN ('passed', 'failed', 'errored', 'skipped')", name="outcome"),
    )
    _index("result", "clause_id", "interval_end", "known_at")


def _clause_standing() -> None:
    op.create_table(
        "clause_standing",
        sa.Column(
            "clause_id", _BIG, sa.ForeignKey("clause.id"), primary_key=True, autoincrement=False
        ),
        *_maybe(sa.Boolean(), "good"),
        *_maybe(_INSTANT, "judged_for", "judged_at", "answered_for", "answered_at", "dropped_at"),
        sa.Column("judged_run", _BIG, sa.ForeignKey("run.id")),
        sa.Column("answered_run", _BIG, sa.ForeignKey("run.id")),
        *_maybe(sa.Text(), "answered_segment"),
    )


def _score_snapshot() -> None:
    _numbered(
        "score_snapshot",
        sa.Column("product", sa.Text(), sa.ForeignKey("data_product.key"), nullable=False),
        sa.Column("run_id", _BIG, sa.ForeignKey("run.id"), nullable=False),
        *_needed(_INSTANT, "at"),
        *_needed(_WORD, "model"),
        *_maybe(sa.Float(), "quality", "low", "high", "uncapped"),
        *_needed(sa.Text(), "cap"),
        *_needed(sa.Float(), "assurance"),
        *_needed(sa.Integer(), "clauses", "failing"),
    )
    _index("score_snapshot", "product", "at")
    _index("score_snapshot", "run_id")


def _incident() -> None:
    _numbered(
        "incident",
        sa.Column("product", sa.Text(), sa.ForeignKey("data_product.key"), nullable=False),
        *_needed(_WORD, "kind", "state"),
        *_needed(sa.Text(), "title", "reason"),
        *_needed(_INSTANT, "opened_at"),
        *_maybe(_INSTANT, "resolved_at"),
        *_maybe(sa.Text(), "acknowledged_by"),
        sa.CheckConstraint(
            "state IN ('triggered', 'acknowledged', 'mitigated', 'resolved', 'closed')",
            name="state",
        ),
    )
    _index("incident", "product", "id")
    _one_open(
        "incident",
        ["product", "kind"],
        "state IN ('triggered', 'acknowledged', 'mitigated')",
        name="open",
    )


def _incident_event() -> None:
    _numbered(
        "incident_event",
        sa.Column("incident_id", _BIG, sa.ForeignKey("incident.id"), nullable=False),
        *_needed(_INSTANT, "at"),
        *_needed(_WORD, "kind"),
        *_needed(sa.Text(), "actor", "detail"),
    )
    _index("incident_event", "incident_id")


def _breach() -> None:
    _numbered(
        "breach",
        sa.Column("contract_id", sa.Text(), sa.ForeignKey("contract.id"), nullable=False),
        sa.Column("incident_id", _BIG, sa.ForeignKey("incident.id")),
        *_needed(sa.Text(), "fingerprint", "clause_key", "segment"),
        *_needed(_WORD, "severity", "state"),
        *_needed(_INSTANT, "opened_at"),
        *_maybe(_INSTANT, "resolved_at"),
        sa.CheckConstraint(
            "state IN ('pending', 'firing', 'resolving', 'resolved', 'superseded')", name="state"
        ),
    )
    _index("breach", "contract_id", "state")
    _index("breach", "fingerprint", "opened_at")
    _index("breach", "incident_id")
    _one_open("breach", ["fingerprint"], "state IN ('pending', 'firing', 'resolving')", name="open")


def _notice() -> None:
    _numbered(
        "notice",
        *_needed(sa.Text(), "key", "target", "subject", "text", "html"),
        *_needed(_WORD, "channel", "state"),
        sa.Column("incident_id", _BIG, sa.ForeignKey("incident.id"), nullable=False),
        *_needed(sa.Integer(), "attempt"),
        *_needed(_INSTANT, "due_at"),
        *_maybe(_INSTANT, "lease_until", "sent_at"),
        sa.UniqueConstraint("key", "channel", "target"),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'retry', 'sent', 'dead', 'withdrawn')", name="state"
        ),
    )
    _index("notice", "incident_id")
    _index("notice", "state", "due_at")


def _notice_attempt() -> None:
    _numbered(
        "notice_attempt",
        sa.Column("notice_id", _BIG, sa.ForeignKey("notice.id"), nullable=False),
        *_needed(sa.Integer(), "number"),
        *_needed(_INSTANT, "started_at"),
        *_maybe(_INSTANT, "ended_at"),
        *_needed(sa.Text(), "error"),
        sa.UniqueConstraint("notice_id", "number"),
    )


def _token() -> None:
    _numbered(
        "token",
        *_needed(sa.Text(), "name", "domain", "prefix", "digest"),
        *_needed(_WORD, "role"),
        *_needed(_INSTANT, "created_at"),
        *_maybe(_INSTANT, "expires_at", "revoked_at"),
        sa.UniqueConstraint("digest"),
    )
    _index("token", "prefix")


def _audit_event() -> None:
    _numbered(
        "audit_event",
        *_needed(_INSTANT, "at"),
        *_needed(sa.Text(), "actor", "action", "subject", "detail"),
        *_needed(sa.String(64), "previous", "hash"),
        sa.UniqueConstraint("previous"),
    )


def _heartbeat() -> None:
    op.create_table(
        "heartbeat", sa.Column("process", sa.Text(), primary_key=True), *_needed(_INSTANT, "at")
    )


_TABLES: Final = {
    "domain": _domain,
    "data_product": _data_product,
    "connection": _connection,
    "contract": _contract,
    "output_port": _output_port,
    "channel": _channel,
    "contract_version": _contract_version,
    "clause": _clause,
    "schedule": _schedule,
    "run": _run,
    "result": _result,
    "clause_standing": _clause_standing,
    "score_snapshot": _score_snapshot,
    "incident": _incident,
    "incident_event": _incident_event,
    "breach": _breach,
    "notice": _notice,
    "notice_attempt": _notice_attempt,
    "token": _token,
    "audit_event": _audit_event,
    "heartbeat": _heartbeat,
}


def upgrade() -> None:
    """Make every table."""
    for make in _TABLES.values():
        make()


def downgrade() -> None:
    """Drop every table, the last one first."""
    for table in reversed(_TABLES):
        op.drop_table(table)
