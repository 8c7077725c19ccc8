"""Breaches -> the promises of an incident, in the words of the contract and not by their keys."""

import re
from dataclasses import dataclass

from api.pages.rows import Row, row_of_line, rows_of_results
from api.pages.sections import Sections, sections
from incidents.model import Breach, IncidentEvent
from usecases.incidents import IncidentDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A breach, and its clause as promised and judged now; None: it is promised no more."""

    breach: Breach
    row: Row | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An entry of the timeline; ``detail`` names clauses by what they promise."""

    event: IncidentEvent
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjudged:
    """What could not be judged while an incident was open: no word against the data.

    Attributes:
        sections: What errored is their trouble; what was skipped stands by reason.
        runs: The runs that left it unjudged, oldest first.
    """

    sections: Sections
    runs: tuple[int, ...]


def broken_of(detail: IncidentDetail) -> tuple[Broken, ...]:
    """Return the broken promises of an incident, oldest first."""
    return tuple(
        Broken(breach=breach, row=row_of_line(line) if line else None)
        for breach in detail.breaches
        for line in [detail.lines.get(breach.fingerprint)]
    )


def timeline_of(detail: IncidentDetail, broken: tuple[Broken, ...]) -> tuple[Moment, ...]:
    """Return what happened, oldest first."""
    words = {one.breach.clause_key: one.row.title for one in broken if one.row}
    return tuple(
        Moment(event=event, detail=_spoken(event.detail, words)) for event in detail.events
    )


def unjudged_of(detail: IncidentDetail) -> Unjudged | None:
    """Return what could not be judged while an incident was open; None where all could be."""
    if not detail.unjudged:
        return None
    return Unjudged(
        sections=sections(rows_of_results(answer.result for answer in detail.unjudged)),
        runs=tuple(sorted({answer.run_id for answer in detail.unjudged})),
    )


def _spoken(text: str, words: dict[str, str]) -> str:
    """Return ``text`` with the keys of clauses replaced by words; one key may begin another."""
    if not words:
        return text
    keys = "|".join(re.escape(key) for key in sorted(words, key=len, reverse=True))
    return re.sub(rf"({keys})(?:(, )|(?= and )|$)", lambda found: _named(found, words), text)


def _named(found: re.Match[str], words: dict[str, str]) -> str:
    """Return the words of a key, parted from the next by more than the comma they may hold."""
    return words[found[1]] + ("; " if found[2] else "")
