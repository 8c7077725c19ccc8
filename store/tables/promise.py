"""Whose data it is, and what was promised about it."""

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from store.columns import BIG, METADATA
from store.tables.build import WORD, instant, later, numbered

DOMAIN: Final = Table("domain", METADATA, Column("name", Text, primary_key=True))

PRODUCT: Final = Table(
    "data_product",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("domain", Text, ForeignKey("domain.name"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("owner", Text),
    Column("search", Text, nullable=False, server_default=text("''")),  # what it is found by
)

CONNECTION: Final = Table(
    "connection",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("source", WORD, nullable=False),
    Column("roots", JSON, nullable=False),
    Column("database", JSON(none_as_null=True)),
)

CONTRACT: Final = Table(
    "contract",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("product", Text, later("data_product.key"), nullable=False, index=True),
)

PORT: Final = numbered(
    "output_port",
    Column("product", Text, ForeignKey("data_product.key"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("contract_id", Text, later("contract.id"), nullable=False, unique=True),
)

CHANNEL: Final = numbered(
    "channel",
    Column("port_id", BIG, ForeignKey("output_port.id", ondelete="CASCADE"), nullable=False),
    Column("kind", WORD, nullable=False),
    Column("target", Text, nullable=False),
    UniqueConstraint("port_id", "kind", "target"),
)

VERSION: Final = numbered(
    "contract_version",
    Column("contract_id", Text, ForeignKey("contract.id"), nullable=False),
    Column("version", Text, nullable=False),
    Column("product", Text, later("data_product.key"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("media_type", WORD, nullable=False),
    Column("body", LargeBinary, nullable=False),
    instant("published_at"),
    Column("published_by", Text, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("connection", Text),  # as of ``RUN``
    UniqueConstraint("contract_id", "version"),
)
Index(
    "uq_contract_version_current",
    VERSION.c.contract_id,
    unique=True,
    sqlite_where=text("current IS 1"),
    postgresql_where=text("current IS true"),
)

CLAUSE: Final = numbered(
    "clause",
    Column("contract_id", Text, ForeignKey("contract.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("timetable", JSON(none_as_null=True)),  # NULL: judged by the contract's schedule
    Column("position", Integer, nullable=False),
    Column("pointer", Text, nullable=False),
    Column("kind", WORD, nullable=False),
    Column("schema_name", Text),
    Column("column_name", Text),
    Column("engine", WORD),
    Column("arguments", JSON, nullable=False),
    Column("threshold", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("severity", WORD, nullable=False),
    Column("dimension", WORD),
    Column("skipped", Text, nullable=False),
    Column("executable", Boolean, nullable=False),
    Column("key_columns", JSON, nullable=False),
    Column("sensitive", Boolean, nullable=False),
    Column("sensitive_columns", JSON, nullable=False),
    Column("owner", Text, nullable=False),
    instant("retired_at", known=False),
    UniqueConstraint("contract_id", "key"),
    Index(None, "contract_id", "position"),
)
