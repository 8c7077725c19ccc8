"""When promises were judged, what came of it, and where each stands now."""

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from checks.model import Outcome
from runs.model import RunState
from store.columns import BIG, METADATA, Microseconds
from store.tables.build import WORD, instant, later, member_of, numbered, only

SCHEDULE: Final = numbered(
    "schedule",
    Column("contract_id", Text, later("contract.id"), nullable=False, unique=True),
    Column("cron", Text),
    Column("every", Microseconds),
    Column("timezone", WORD, nullable=False),
    Column("jitter", Integer),
    Column("missed", WORD, nullable=False),
    instant("anchor"),
    instant("instant"),
    instant("due_at"),
    Column("paused", Boolean, nullable=False),
    instant("paused_at", known=False),
    Column("paused_by", Text),
    Column("pause_reason", Text),
    Column("parts", JSON(none_as_null=True)),  # timetables of clauses: cron line and since when
    Index(None, "due_at"),
)

RUN: Final = numbered(
    "run",
    Column("dedupe_key", Text, nullable=False, unique=True),
    Column("contract_id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("product", Text, ForeignKey("data_product.key"), nullable=False),
    Column("trigger", WORD, nullable=False),
    Column("schedule_id", BIG, ForeignKey("schedule.id", ondelete="SET NULL")),
    instant("instant", known=False),
    instant("interval_start"),
    instant("interval_end"),
    Column("state", WORD, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("owner", Text),
    instant("lease_until", known=False),
    instant("created_at"),
    instant("dispatched_at", known=False),
    instant("started_at", known=False),
    instant("finished_at", known=False),
    Column("outcome", WORD),
    Column("counts", JSON, nullable=False),
    Column("seconds", JSON, nullable=False),
    Column("error", Text, nullable=False),
    Column("progress", JSON(none_as_null=True)),
    Column("counted", Boolean, nullable=False, server_default=text("false")),  # towards the score
    Column("domain", Text),
    Column("connection", Text),  # '' where it reads over none, NULL until an engine has looked
    Column("cause", Text, nullable=False, server_default=text("''")),
    Column("triggers", Integer, nullable=False, server_default=text("1")),
    Column("lines", JSON(none_as_null=True)),  # timetables whose clauses are judged, NULL: all
    ForeignKeyConstraint(
        ["contract_id", "version"], ["contract_version.contract_id", "contract_version.version"]
    ),
    UniqueConstraint("schedule_id", "instant"),
    member_of("state", RunState),
    Index(None, "product", "id"),
    Index(None, "state", "lease_until"),
    Index(None, "contract_id", "finished_at"),
    Index(None, "finished_at"),
    Index("ix_run_queued", "contract_id", "id", **only(f"state = '{RunState.QUEUED}'")),
    Index("ix_run_lane", "connection", "domain", "id", **only(f"state = '{RunState.QUEUED}'")),
    Index("ix_run_handed", "dispatched_at", **only(f"state = '{RunState.QUEUED}'")),
    Index("uq_run_running", "contract_id", unique=True, **only(f"state = '{RunState.RUNNING}'")),
)

RESULT: Final = numbered(
    "result",
    Column("run_id", BIG, ForeignKey("run.id"), nullable=False),
    Column("clause_id", BIG, ForeignKey("clause.id"), nullable=False),
    Column("segment", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("outcome", WORD, nullable=False),
    Column("measured", JSON(none_as_null=True)),
    Column("unit", WORD),
    Column("rows", BIG),
    Column("failed_rows", BIG),
    Column("reason", Text, nullable=False),
    Column("evidence", JSON(none_as_null=True)),
    Column("elapsed", Float),
    Column("threshold", Text, nullable=False),
    Column("severity", WORD, nullable=False),
    Column("dimension", WORD),
    Column("engine", WORD),
    instant("interval_start"),
    instant("interval_end"),
    instant("known_at"),
    UniqueConstraint("run_id", "clause_id", "segment"),
    member_of("outcome", Outcome),
    Index(None, "clause_id", "interval_end", "known_at"),
    Index("ix_result_evidence", "known_at", **only("evidence IS NOT NULL")),
)

# The verdict is the newest pass or failure; the answer is the newest result of any outcome.
STANDING: Final = Table(
    "clause_standing",
    METADATA,
    Column("clause_id", BIG, ForeignKey("clause.id"), primary_key=True, autoincrement=False),
    Column("good", Boolean),
    instant("judged_for", known=False),
    instant("judged_at", known=False),
    Column("judged_run", BIG, ForeignKey("run.id")),
    instant("answered_for", known=False),
    instant("answered_at", known=False),
    Column("answered_run", BIG, ForeignKey("run.id")),
    Column("answered_segment", Text),
    instant("dropped_at", known=False),
    Index(None, "judged_run"),
    Index(None, "answered_run"),
)

SNAPSHOT: Final = numbered(
    "score_snapshot",
    Column("product", Text, ForeignKey("data_product.key"), nullable=False),
    Column("run_id", BIG, ForeignKey("run.id"), nullable=False, index=True),
    instant("at"),
    Column("model", WORD, nullable=False),
    Column("quality", Float),
    Column("low", Float),
    Column("high", Float),
    Column("uncapped", Float),
    Column("cap", Text, nullable=False),
    Column("assurance", Float, nullable=False),
    Column("clauses", Integer, nullable=False),
    Column("failing", Integer, nullable=False),
    Index(None, "product", "at"),
)
