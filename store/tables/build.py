"""The pieces that tables are built from."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final, TypedDict

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    String,
    Table,
    TextClause,
    text,
)
from sqlalchemy.schema import SchemaItem

from store.columns import BIG, METADATA, UtcTime

WORD: Final = String(40)


class _Partial(TypedDict):
    sqlite_where: TextClause
    postgresql_where: TextClause


def numbered(name: str, *parts: SchemaItem) -> Table:
    """A table whose rows have a number that is never given out twice."""
    key = Column("id", BIG, primary_key=True, autoincrement=True)
    return Table(name, METADATA, key, *parts, sqlite_autoincrement=True)


def instant(name: str, *, known: bool = True) -> Column[datetime]:
    """A column for a moment in UTC; not ``known`` where it may lie ahead."""
    return Column(name, UtcTime(), nullable=not known)


def member_of(column: str, words: Iterable[StrEnum]) -> CheckConstraint:
    """Hold a column to the words of a closed list."""
    return CheckConstraint(f"{column} IN ({listed(words)})", name=column)


def listed(words: Iterable[StrEnum]) -> str:
    """Words as they stand inside an ``IN`` of SQL."""
    return ", ".join(f"'{word.value}'" for word in words)


def only(condition: str) -> _Partial:
    """Make an index cover just the rows for which a condition holds."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def later(target: str) -> ForeignKey:
    """A reference that is looked at when the transaction is committed, so that order is free."""
    return ForeignKey(target, deferrable=True, initially="DEFERRED")
