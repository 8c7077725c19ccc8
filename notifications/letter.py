"""A story in words, before it becomes text or HTML: the order and the wording of a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from checks.model import Evidence
from contracts.values import Severity
from notifications.story import Broken, Story
from notifications.words import cell, moment, share_of_rows, short
from scorecards.words import counted

MOST_PROMISES: Final = 20
_MOST_SAMPLES: Final = 5  # promises that come with rows; mail programs cut what is above 100 KB
_MOST_ROWS: Final = 5
_MOST_COLUMNS: Final = 8
_LONGEST: Final = 240  # characters of a description, a threshold, a reason
_LONGEST_NAME: Final = 80


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
    """One promise: how grave, what, where, how many rows, why, which rows.

    ``fresh`` marks one that was not broken before, where others were.
    """

    severity: str
    what: str
    fresh: bool = False
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
        quote: Another message, as plain text, that this one is about; empty when there is none.
        facts: About the product, as (name, value).
        links: Where to go, as (words, address), what matters most first.
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
    quote: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def ranked(broken: Sequence[Broken]) -> list[Broken]:
    """Return what is broken, new before old, gravest first, then what breaks most rows."""
    graveness = list(Severity)
    return sorted(
        broken,
        key=lambda one: (
            not one.fresh,
            graveness.index(one.severity),
            -(one.failed_rows or 0),
            one.clause,
        ),
    )


def entries(broken: Sequence[Broken], *, past: bool = False) -> tuple[tuple[Entry, ...], str]:
    """Return the gravest promises in words, and what is said of those beyond the list.

    Args:
        broken: In any order.
        past: They are kept again, so rows and reasons play no part any more.
    """
    listed = ranked(broken)
    beyond = len(listed) - MOST_PROMISES
    more = f"and {beyond:,} more" if beyond > 0 else ""
    shown = tuple(
        _entry(one, past=past, sample=place < _MOST_SAMPLES)
        for place, one in enumerate(listed[:MOST_PROMISES])
    )
    return shown, more


def facts(story: Story) -> tuple[tuple[str, str], ...]:
    """Return what is known of the product, as (name, value); what is empty is left out."""
    listed = (
        ("Product", f"{short(story.name, _LONGEST_NAME)} ({short(story.product, _LONGEST_NAME)})"),
        ("Domain", story.domain),
        ("Owner", story.owner or "nobody is named in the contract"),
        ("Purpose", story.purpose),
        ("Contract", f"version {story.version}" if story.version else ""),
        ("Incident", f"#{story.incident_id}"),
        ("Next run", moment(story.next_run) if story.next_run else "only when asked for"),
        ("Also told", ", ".join(story.others)),
    )
    return tuple((name, short(value, _LONGEST)) for name, value in listed if value)


def links(story: Story) -> tuple[tuple[str, str], ...]:
    """Return where a reader may want to go; nowhere where the service has no address."""
    if not story.url:
        return ()
    run = (("Run", f"{story.url}/runs/{story.run_id}"),) if story.run_id else ()
    return (
        ("Open the incident", story.link),
        ("Scorecard", story.scorecard),
        *run,
    )


def acknowledging(story: Story) -> tuple[tuple[str, str], ...]:
    """Return the link to where an incident is taken on."""
    return (("Acknowledge", f"{story.link}#acknowledge"),) if story.link else ()


def _entry(broken: Broken, *, past: bool, sample: bool) -> Entry:
    place = ".".join(part for part in (broken.schema, broken.column) if part)
    return Entry(
        severity=broken.severity.value,
        what=_what(broken),
        fresh=broken.fresh,
        where=short(place, _LONGEST_NAME),
        rows="" if past else share_of_rows(broken.failed_rows, broken.rows),
        reason="" if past else short(broken.reason, _LONGEST),
        sample=_sample(broken.evidence) if sample and not past and broken.evidence else None,
    )


def _what(broken: Broken) -> str:
    promised = short(broken.threshold, _LONGEST)
    described = short(broken.description, _LONGEST)
    if described and promised and promised != described:
        return f"{described} ({promised})"
    return described or promised or short(broken.clause, _LONGEST)


def _sample(evidence: Evidence) -> Sample | None:
    if not evidence.rows:
        return None
    places = _places(evidence)
    marked = [evidence.columns[place] in evidence.offending for place in places]
    return Sample(
        columns=tuple(
            Shown(text=cell(evidence.columns[place]), offending=mark)
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
        notes.append(f"masked: {short(', '.join(evidence.masked), _LONGEST)}")
    return "; ".join(notes)
