"""Breaches, the incidents that gather them, and who is told."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from incidents.model import BreachState, IncidentState
from notifications.model import NoticeState
from store.columns import BIG, METADATA
from store.tables.build import WORD, instant, listed, member_of, numbered, only

_OPEN_BREACH: Final = f"state IN ({listed(state for state in BreachState if state.open)})"
_OPEN_INCIDENT: Final = f"state IN ({listed(state for state in IncidentState if state.open)})"

INCIDENT: Final = numbered(
    "incident",
    Column("product", Text, ForeignKey("data_product.key"), nullable=False),
    Column("kind", WORD, nullable=False),
    Column("state", WORD, nullable=False),
    Column("title", Text, nullable=False),
    instant("opened_at"),
    instant("resolved_at", known=False),
    Column("acknowledged_by", Text),
    Column("reason", Text, nullable=False),
    member_of("state", IncidentState),
    Index(None, "product", "id"),
    Index("uq_incident_open", "product", "kind", unique=True, **only(_OPEN_INCIDENT)),
)

EVENT: Final = numbered(
    "incident_event",
    Column("incident_id", BIG, ForeignKey("incident.id"), nullable=False, index=True),
    instant("at"),
    Column("kind", WORD, nullable=False),
    Column("actor", Text, nullable=False),
    Column("detail", Text, nullable=False),
)

BREACH: Final = numbered(
    "breach",
    Column("contract_id", Text, ForeignKey("contract.id"), nullable=False),
    Column("incident_id", BIG, ForeignKey("incident.id"), index=True),
    Column("fingerprint", Text, nullable=False),
    Column("clause_key", Text, nullable=False),
    Column("segment", Text, nullable=False),
    Column("severity", WORD, nullable=False),
    Column("state", WORD, nullable=False),
    instant("opened_at"),
    instant("resolved_at", known=False),
    member_of("state", BreachState),
    Index(None, "contract_id", "state"),
    Index(None, "fingerprint", "opened_at"),
    Index("uq_breach_open", "fingerprint", unique=True, **only(_OPEN_BREACH)),
)

NOTICE: Final = numbered(
    "notice",
    Column("key", Text, nullable=False),
    Column("channel", WORD, nullable=False),
    Column("target", Text, nullable=False),
    Column("incident_id", BIG, ForeignKey("incident.id"), nullable=False, index=True),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("state", WORD, nullable=False),
    Column("attempt", Integer, nullable=False),
    instant("due_at"),
    instant("lease_until", known=False),
    instant("sent_at", known=False),
    UniqueConstraint("key", "channel", "target"),
    member_of("state", NoticeState),
    Index(None, "state", "due_at"),
)

ATTEMPT: Final = numbered(
    "notice_attempt",
    Column("notice_id", BIG, ForeignKey("notice.id"), nullable=False),
    Column("number", Integer, nullable=False),
    instant("started_at"),
    instant("ended_at", known=False),
    Column("error", Text, nullable=False),
    UniqueConstraint("notice_id", "number"),
)

# Whoever names it: a receiver that is gone is gone for every product.
DISABLED: Final = Table(
    "disabled_receiver",
    METADATA,
    Column("channel", WORD, primary_key=True),
    Column("target", Text, primary_key=True),
    instant("disabled_at"),
    Column("error", Text, nullable=False),
)
