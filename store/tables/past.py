"""How each product stood when it was last looked at, and what else would be forgotten."""

from typing import Final

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table, Text

from incidents.model import IncidentState
from store.columns import BIG, METADATA
from store.tables.build import WORD, instant, member_of, numbered

# One row a product, kept in step by whatever changes a score: what lists filter and order by.
MARK: Final = Table(
    "product_mark",
    METADATA,
    Column("product", Text, ForeignKey("data_product.key"), primary_key=True),
    Column("quality", Float),
    Column("low", Float),
    instant("proven_until", known=False),
    Column("failing", Integer, nullable=False),
    Column("blocking", Integer, nullable=False),
    Column("errored", Integer, nullable=False),
    Column("lost", Integer, nullable=False),
    instant("scored_at", known=False),
    Index(None, "scored_at"),
)

# A standing knows the newest drop of its clause alone.
DROP: Final = numbered(
    "clause_drop",
    Column("clause_id", BIG, ForeignKey("clause.id"), nullable=False),
    instant("at"),
    Index(None, "clause_id", "at"),
)

# An incident's row says how it is now; these say how it was, from ``at`` on.
INCIDENT_PAST: Final = numbered(
    "incident_past",
    Column("incident_id", BIG, ForeignKey("incident.id"), nullable=False),
    instant("at"),
    Column("state", WORD, nullable=False),
    Column("title", Text, nullable=False),
    instant("resolved_at", known=False),
    Column("acknowledged_by", Text),
    Column("reason", Text, nullable=False),
    member_of("state", IncidentState),
    Index(None, "incident_id", "at"),
)
