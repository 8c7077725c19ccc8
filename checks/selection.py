"""Which clauses of a contract are judged, and of which rows. Pure; the rest is left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from contracts.clause import Clause, Kind
from contracts.tree import unescape
from contracts.values import Dimension

NOT_SELECTED: Final = "not selected"
_WITHOUT_ROWS: Final = frozenset(
    {
        Kind.OBJECT_PRESENT,
        Kind.COLUMN_PRESENT,
        Kind.EXTRA_COLUMNS,
        Kind.TYPE,
        Kind.PHYSICAL_TYPE,
    }
)
_NAMED: Final = frozenset({"quality", "relationships"})


class Part(StrEnum):
    """A part of a contract: what it says under ``schema``, ``quality`` and ``slaProperties``."""

    SCHEMA = "schema"
    QUALITY = "quality"
    SLA = "sla"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFilter:
    """The rows of an object that rules about rows are held to.

    Attributes:
        schema: Physical name of the object.
        expression: SQL that is true of them, as it was asked for; nobody has looked at it yet.
        sensitive_columns: Physical names of the columns, of whatever object, that it may touch and
            that must not be shown.
    """

    schema: str
    expression: str
    sensitive_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is judged: the clauses that fit every member that says something.

    Attributes:
        schemas: Physical names of objects; empty: any.
        part: Where the promise stands; None: anywhere.
        dimensions: Empty: any.
        rules: Keys, or names as ``names`` tells them; empty: any.
        tags: By tag, the keys of the clauses that bear it; empty: any.
        metadata_only: Only what can be told without reading rows.
        filters: What rules about rows are narrowed to; they leave no clause out.
    """

    schemas: frozenset[str] = frozenset()
    part: Part | None = None
    dimensions: frozenset[Dimension] = frozenset()
    rules: frozenset[str] = frozenset()
    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)
    metadata_only: bool = False
    filters: tuple[RowFilter, ...] = ()

    def takes(self, clause: Clause) -> bool:
        """Whether ``clause`` is judged."""
        return all(
            (
                not self.schemas or clause.schema in self.schemas,
                self.part in {None, part(clause)},
                not self.dimensions or clause.dimension in self.dimensions,
                not self.rules or not self.rules.isdisjoint(names(clause)),
                not self.tags or any(clause.key in keys for keys in self.tags.values()),
                not self.metadata_only or clause.kind in _WITHOUT_ROWS,
            )
        )


EVERYTHING: Final = Selection()


def part(clause: Clause) -> Part:
    """The part of the contract that ``clause`` stands in."""
    segments = clause.pointer.split("/")
    if segments[1:2] == ["slaProperties"]:
        return Part.SLA
    return Part.QUALITY if segments[-2:-1] == ["quality"] else Part.SCHEMA


def names(clause: Clause) -> Iterator[str]:
    """What ``clause`` can be asked for by: its key, and for a rule its id or name."""
    yield clause.key
    segments = clause.pointer.split("/")
    if part(clause) is Part.SLA:
        yield unescape(clause.key.removeprefix("/slaProperties/"))
    elif segments[-2] in _NAMED:
        told = clause.key.rpartition(f"/{segments[-2]}/")[2]
        yield unescape(told.partition("/")[0])
