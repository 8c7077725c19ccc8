"""Rows -> the sections of a list of clauses: trouble first, then what is kept, object by object."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.pages.promises import place
from api.pages.rows import Row
from checks.model import Outcome
from contracts.clause import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows that share something. ``name`` is an object's, or a reason; empty: the whole product."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """The rows of a list, parted.

    Attributes:
        trouble: What failed or errored, gravest first; rows that errored for the same reason are
            one block.
        kept: What passed, by object.
        people: Promises that only people can keep; nobody judges them.
        skipped: What else was not judged, by reason.
    """

    trouble: tuple[tuple[Row, ...], ...]
    kept: tuple[Group, ...]
    people: tuple[Row, ...]
    skipped: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which rows are wanted; what is empty or None asks for nothing.

    Attributes:
        text: Words that each stand in the title, the promise, the place or the reason; upper and
            lower case are one.
        schema: Physical name of an object; empty text: clauses of no object.
        key: A clause's key.
    """

    text: str = ""
    outcome: Outcome | None = None
    schema: str | None = None
    key: str | None = None


def sections(rows: Sequence[Row]) -> Sections:
    """Part the rows of a list, which come gravest first."""
    by_outcome: dict[Outcome, list[Row]] = {outcome: [] for outcome in Outcome}
    for row in rows:
        by_outcome[row.finding.outcome].append(row)
    skipped = by_outcome[Outcome.SKIPPED]
    return Sections(
        trouble=blocks([*by_outcome[Outcome.FAILED], *by_outcome[Outcome.ERRORED]]),
        kept=_grouped((row.clause.schema or "", row) for row in by_outcome[Outcome.PASSED]),
        people=tuple(row for row in skipped if row.clause.kind is Kind.TEXT),
        skipped=_grouped(
            (row.finding.reason, row) for row in skipped if row.clause.kind is not Kind.TEXT
        ),
    )


def sift(rows: Iterable[Row], sought: Sought) -> tuple[Row, ...]:
    """Return the rows that are wanted, in their order."""
    words = sought.text.casefold().split()
    return tuple(row for row in rows if _fits(row, sought) and _holds(row, words))


def blocks(rows: Iterable[Row]) -> tuple[tuple[Row, ...], ...]:
    """Return the rows in their order, those that errored for the same reason together."""
    found: dict[object, list[Row]] = {}
    for number, row in enumerate(rows):
        cause = row.finding.reason if row.look == "errored" else ""
        found.setdefault(cause or number, []).append(row)
    return tuple(tuple(block) for block in found.values())


def _grouped(named: Iterable[tuple[str, Row]]) -> tuple[Group, ...]:
    found: dict[str, list[Row]] = {}
    for name, row in named:
        found.setdefault(name, []).append(row)
    return tuple(Group(name=name, rows=tuple(rows)) for name, rows in found.items())


def _fits(row: Row, sought: Sought) -> bool:
    clause = row.clause
    return (
        sought.outcome in {None, row.finding.outcome}
        and sought.schema in {None, clause.schema or ""}
        and sought.key in {None, clause.key}
    )


def _holds(row: Row, words: Sequence[str]) -> bool:
    if not words:
        return True
    text = " ".join((row.title, row.subtitle, place(row.clause), row.finding.reason)).casefold()
    return all(word in text for word in words)
