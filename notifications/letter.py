"""A story in words, before it becomes text or HTML: the order and the wording of a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from checks.model import Evidence
from contracts.values import Severity
from notifications.story import Broken, Story
from notifications.words import cell, clean, moment, share_of_rows
from scorecards.words import counted

MOST_PROMISES: Final = 10
_MOST_ROWS: Final = 5
_MOST_COLUMNS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A cell in words. ``offending`` marks the one that breaks the promise."""

    text: str
    offending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A few failing rows, each as long as ``columns``. ``note`` says what is left out or masked."""

    columns: tuple[Shown, ...]
    rows: tuple[tuple[Shown, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One promise: how grave, what, where, how many rows, why, which rows."""

    severity: str
    what: str
    where: str = ""
    rows: str = ""
    reason: str = ""
    sample: Sample | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message in parts, most important first.

    Attributes:
        tone: ``bad``, ``warn`` or ``ok``.
        headline: What happened, in a few words.
        lead: Since when, and why, a sentence each.
        heading: What stands over the promises; empty when they speak for themselves.
        entries: The promises, gravest first.
        more: What is said of promises beyond the list; empty when all are in it.
        steps: What to do, a sentence each.
        facts: About the product, as (name, value).
    """

    subject: str
    tone: str
    product: str
    headline: str
    lead: tuple[str, ...]
    heading: str = ""
    entries: tuple[Entry, ...] = ()
    more: str = ""
    steps: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    link: str = ""


def entries(broken: Sequence[Broken], *, samples: bool) -> tuple[tuple[Entry, ...], str]:
    """Return the gravest promises in words, and what is said of those beyond the list."""
    graveness = list(Severity)
    ranked = sorted(
        broken, key=lambda one: (graveness.index(one.severity), -(one.failed_rows or 0), one.clause)
    )
    beyond = len(ranked) - MOST_PROMISES
    more = f"and {beyond:,} more" if beyond > 0 else ""
    return tuple(_entry(one, samples=samples) for one in ranked[:MOST_PROMISES]), more


def facts(story: Story) -> tuple[tuple[str, str], ...]:
    """Return what is known of the product, as (name, value); what is empty is left out."""
    listed = (
        ("Product", f"{story.name} ({story.product})"),
        ("Domain", story.domain),
        ("Owner", story.owner or "nobody is named in the contract"),
        ("Purpose", story.purpose),
        ("Contract", f"version {story.version}" if story.version else ""),
        ("Incident", f"#{story.incident_id}"),
        ("Next run", moment(story.next_run) if story.next_run else "only when asked for"),
    )
    return tuple((name, clean(value)) for name, value in listed if value)


def _entry(broken: Broken, *, samples: bool) -> Entry:
    return Entry(
        severity=broken.severity.value,
        what=_what(broken),
        where=clean(".".join(part for part in (broken.schema, broken.column) if part)),
        rows=share_of_rows(broken.failed_rows, broken.rows) if samples else "",
        reason=clean(broken.reason) if samples else "",
        sample=_sample(broken.evidence) if samples and broken.evidence else None,
    )


def _what(broken: Broken) -> str:
    promised, described = clean(broken.threshold), clean(broken.description)
    if described and promised and promised != described:
        return f"{described} ({promised})"
    return described or promised or clean(broken.clause)


def _sample(evidence: Evidence) -> Sample | None:
    if not evidence.rows:
        return None
    places = _places(evidence)
    marked = [evidence.columns[place] in evidence.offending for place in places]
    return Sample(
        columns=tuple(
            Shown(text=clean(evidence.columns[place]), offending=mark)
            for place, mark in zip(places, marked, strict=True)
        ),
        rows=tuple(
            tuple(
                Shown(text=cell(row[place]), offending=mark)
                for place, mark in zip(places, marked, strict=True)
            )
            for row in evidence.rows[:_MOST_ROWS]
        ),
        note=_note(evidence),
    )


def _places(evidence: Evidence) -> list[int]:
    """Return which columns are shown; offending ones go before others when there are too many."""
    by_need = sorted(
        range(len(evidence.columns)),
        key=lambda place: evidence.columns[place] not in evidence.offending,
    )
    return sorted(by_need[:_MOST_COLUMNS])


def _note(evidence: Evidence) -> str:
    notes = []
    if len(evidence.rows) > _MOST_ROWS:
        notes.append(f"{_MOST_ROWS} of {counted(len(evidence.rows), 'sampled row')} shown")
    hidden = len(evidence.columns) - _MOST_COLUMNS
    if hidden > 0:
        notes.append(f"{counted(hidden, 'column')} not shown")
    if evidence.masked:
        notes.append(f"masked: {clean(', '.join(evidence.masked))}")
    return "; ".join(notes)
