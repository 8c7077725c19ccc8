"""What a source hands to the engines: tables, and one way to put a statement to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

TYPED: Final = "main"
"""Catalog schema of the views that SQL rules see: cells have their promised types."""

DELIVERED: Final = "delivered"
"""Catalog schema of the views in which NULL means missing: a file's own text, or typed cells."""

JUDGED: Final = "judged"
"""Catalog schema of the views that hold both, side by side (see ``TableColumn.delivered``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a statement returned: the name and the type of each column, and the rows."""

    description: Sequence[tuple[str, str]]
    rows: Sequence[tuple[object, ...]]


class Session(Protocol):
    """One locked, time-limited connection over the tables of a run."""

    def run(self, statement: str, parameters: Sequence[object] = ()) -> Answer:
        """Run one statement to its end.

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
        type: Type of its cells in the typed view, in the database's words: ``DECIMAL(10,2)``.
        source_type: Type in the file; ``VARCHAR`` for every column of a CSV.
        delivered: Name, in the ``JUDGED`` view, of the column in which NULL means missing; equals
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
    """One object of the contract as a view. ``text`` tells that all its cells come from text."""

    name: str
    columns: Mapping[str, TableColumn]
    text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """All objects of one location.

    Attributes:
        tables: By physical name; only those that could be opened.
        problems: By physical name: why an object could not be opened.
        absent: By physical name: columns that are not there, and whose absence a clause of its own
            tells as failed, so that other clauses need not.
    """

    session: Session
    tables: Mapping[str, Table]
    problems: Mapping[str, str]
    absent: Mapping[str, frozenset[str]] = field(default_factory=dict)


def quote(name: str) -> str:
    """``name`` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def relation(schema: str, name: str) -> str:
    """The view ``name`` in one of the catalog schemas above, as SQL text."""
    return f"{quote(schema)}.{quote(name)}"
