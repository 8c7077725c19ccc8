"""What a source hands to the engines: tables, and one way to put a statement to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias

from typing_extensions import override

Parameters: TypeAlias = Sequence[object] | Mapping[str, object]


class Dialect(StrEnum):
    """Whose SQL a session speaks. The words are sqlglot's and ibis's."""

    DUCKDB = "duckdb"
    POSTGRES = "postgres"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Something to select from; as text it follows FROM, and goes by ``name`` there.

    Attributes:
        schema: Catalog schema in which a view or table ``name`` lies; also when ``select`` stands
            for it, so that no two relations of a session share both.
        select: A SELECT in the session's dialect that stands for it where it is no stored one.
    """

    name: str
    schema: str
    select: str | None = None

    @override
    def __str__(self) -> str:
        if self.select is None:
            return f"{quote(self.schema)}.{quote(self.name)}"
        return f"({self.select}) AS {quote(self.name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a statement returned: the name and the type of each column, and the rows."""

    description: Sequence[tuple[str, str]]
    rows: Sequence[tuple[object, ...]]


class Session(Protocol):
    """One locked, time-limited connection over the tables of a run."""

    @property
    def dialect(self) -> Dialect:
        """Whose SQL it speaks."""
        ...

    def run(self, statement: str, parameters: Parameters = ()) -> Answer:
        """Run one statement to its end.

        Args:
            statement: In the session's dialect.
            parameters: By position, or by name, as the driver marks them in ``statement``; a
                mapping of none tells that it was written for the driver, in which ``%`` is doubled.

        Raises:
            StoppedQuery: the statement reached the time limit.
            FailedStatement: the database could not run it.
        """
        ...

    def close(self) -> None:
        """Let go of the connection; never raises."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """A column that is there.

    Attributes:
        type: Type of its cells in the typed relation, in DuckDB's words, whatever the source:
            ``DECIMAL(10,2)``; ``DECIMAL`` where it has no fixed scale.
        source_type: Type in the source, in its own words; ``VARCHAR`` for every column of a CSV.
        delivered: Name, in the judged relation, of the column in which NULL means missing; equals
            ``name`` where the source has types of its own.
    """

    name: str
    type: str
    source_type: str
    delivered: str

    @property
    def parsed(self) -> bool:
        """Whether cells were parsed from text, so that one may be there and yet unreadable."""
        return self.delivered != self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One object of the contract.

    Attributes:
        typed: What SQL rules see: cells have their promised types.
        judged: The same, and beside it what was delivered (see ``TableColumn.delivered``).
        text: Whether all its cells come from text.
        numbered: The judged relation with each row's number in the data beside it (see
            ``checks.evidence.row_name``), where some rows of the data are not judged.
    """

    name: str
    columns: Mapping[str, TableColumn]
    typed: Relation
    judged: Relation
    text: bool = False
    numbered: Relation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """All objects of one location.

    Attributes:
        tables: By physical name; only those that could be opened.
        problems: By physical name: why an object could not be opened.
        missing: Names among ``problems`` of objects that are surely not there: where they would lie
            was looked into.
        absent: By physical name: columns that are not there, and whose absence a clause of its own
            tells as failed, so that other clauses need not.
        evidence: Whether rows behind failures are looked for.
        fused: Whether an engine puts all of its rules for an object into one statement.
    """

    session: Session
    tables: Mapping[str, Table]
    problems: Mapping[str, str]
    missing: frozenset[str] = frozenset()
    absent: Mapping[str, frozenset[str]] = field(default_factory=dict)
    evidence: bool = True
    fused: bool = True


def quote(name: str) -> str:
    """``name`` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
