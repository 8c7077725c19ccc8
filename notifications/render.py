"""Story -> message: what the owner reads when trouble begins, grows and ends."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from contracts.values import Severity
from incidents.model import IncidentKind
from notifications.advice import likely
from notifications.event import event
from notifications.hypertext import hypertext
from notifications.letter import Letter, acknowledging, entries, facts, links, ranked
from notifications.model import Form, Message
from notifications.plain import plain
from notifications.story import News, Story
from notifications.words import clean, moment, short, stretch
from scorecards.words import counted

_LONGEST_NAME: Final = 80
_LONGEST_REASON: Final = 240


def message(story: Story, *, form: Form = Form.LETTER, key: str = "") -> Message:
    """Tell a story in the form that a channel reads.

    Args:
        story: What happened.
        form: Letters show rows behind failures; events, and the text in them, never do.
        key: Of the notice; an event's id.
    """
    told = _bare(story) if form is Form.EVENT else story
    letter = dressed(_TOLD[told.news](told), told)
    text = plain(letter)
    rich = hypertext(letter) if form is Form.LETTER else event(told, key=key, text=text)
    return Message(subject=letter.subject, text=text, rich=rich)


def dressed(letter: Letter, story: Story) -> Letter:
    """Return a letter with all that every letter about a product says."""
    product = short(story.product, _LONGEST_NAME)
    return replace(
        letter,
        subject=clean(f"[Assay] {product}: {letter.subject}"),
        product=product,
        facts=facts(story),
        links=(*links(story)[:1], *letter.links, *links(story)[1:]),
    )


def _bare(story: Story) -> Story:
    """Return a story without rows, sentences that could hold a cell, and people's addresses."""
    broken = tuple(replace(one, evidence=None, reason="") for one in story.broken)
    return replace(story, broken=broken, others=(), doubt="")


def _opened(story: Story) -> Letter:
    """Promises are broken: one message, however many they are."""
    listed, more = entries(story.broken)
    headline = _headline(story)
    since = f"Since {moment(story.opened_at)}."
    back = ("It was resolved and is back.",) if story.again else ()
    return Letter(
        subject=f"{'again ' if story.again else ''}{headline}",
        tone="bad",
        product=story.product,
        headline=headline,
        lead=(since, *back, *_unjudged(story)),
        entries=listed,
        more=more,
        steps=_steps(story),
        links=acknowledging(story),
    )


def _updated(story: Story) -> Letter:
    """More promises are broken than were told of before."""
    fresh = sum(one.fresh for one in story.broken)
    listed, more = entries(story.broken)
    added = f"{counted(fresh, 'more promise')} broken"
    return Letter(
        subject=f"{added}, {len(story.broken):,} in all",
        tone="bad",
        product=story.product,
        headline=f"{added}, {len(story.broken):,} in all",
        lead=(f"The incident goes on since {moment(story.opened_at)}.", *_unjudged(story)),
        entries=listed,
        more=more,
        steps=_steps(story),
        links=acknowledging(story),
    )


def _outage(story: Story) -> Letter:
    """A product cannot be judged: nobody knows whether its promises are kept."""
    back = ("It was resolved and is back.",) if story.again else ()
    return Letter(
        subject=f"{'again ' if story.again else ''}cannot be judged",
        tone="warn",
        product=story.product,
        headline="Cannot be judged",
        lead=(
            f"Since {moment(story.opened_at)}.",
            *back,
            _sentence(story.reason) or "Its runs end without a verdict.",
            "This says nothing about the data: it may be good or bad. The score loses its backing.",
        ),
        steps=(
            "Look at the last run's errors, and make the data reachable." + _by_itself(story),
            "Acknowledge the incident, so that others know you are on it.",
        ),
        links=acknowledging(story),
    )


def _recovered(story: Story) -> Letter:
    """The trouble is over, and how long it lasted."""
    lasted = stretch(story.now - story.opened_at)
    judged = story.kind is IncidentKind.OUTAGE
    verb = "judged again" if judged else "recovered"
    usual = "Runs end with a verdict again." if judged else "Every blocking promise is kept again."
    listed, more = entries(story.broken, past=True)
    return Letter(
        subject=f"{verb} after {lasted}",
        tone="ok",
        product=story.product,
        headline=f"{verb.capitalize()} after {lasted}",
        lead=(
            _sentence(story.reason) or usual,
            f"From {moment(story.opened_at)} to {moment(story.now)}. Nothing is left to do.",
        ),
        heading="What was broken" if listed else "",
        entries=listed,
        more=more,
    )


_TOLD: Final[Mapping[News, Callable[[Story], Letter]]] = {
    News.OPENED: _opened,
    News.UPDATED: _updated,
    News.OUTAGE: _outage,
    News.RECOVERED: _recovered,
}


def _headline(story: Story) -> str:
    critical = sum(1 for broken in story.broken if broken.severity is Severity.CRITICAL)
    words = f"{counted(len(story.broken), 'promise')} broken"
    return f"{words} ({critical:,} critical)" if critical else words


def _unjudged(story: Story) -> tuple[str, ...]:
    """Say what is not known beside what is broken: an error says nothing about the data."""
    if not story.unjudged:
        return ()
    words = f"{counted(story.unjudged, 'more promise')} could not be judged"
    why = short(story.doubt, _LONGEST_REASON)
    return (_sentence(f"{words}: {why}" if why else words),)


def _steps(story: Story) -> tuple[str, ...]:
    first = likely(ranked(story.broken))
    return (
        *((first,) if first else ()),
        "Repair the data and deliver it again." + _by_itself(story),
        "If the promise is wrong and not the data, publish a new version of the contract.",
        "Acknowledge the incident, so that others know you are on it.",
    )


def _by_itself(story: Story) -> str:
    if story.next_run is None:
        return " Then ask for a run; you will hear when all is well."
    at = moment(story.next_run)
    return f" The run at {at} looks again by itself; you will hear when all is well."


def _sentence(text: str) -> str:
    words = clean(text)
    return words[:1].upper() + words[1:].rstrip(".") + "." if words else ""
