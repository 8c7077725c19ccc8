"""Story -> message: what the owner reads when trouble begins and when it ends."""

from dataclasses import replace

from contracts.values import Severity
from incidents.model import IncidentKind
from notifications.hypertext import hypertext
from notifications.letter import Letter, entries, facts
from notifications.model import Message
from notifications.plain import plain
from notifications.story import Story
from notifications.words import clean, moment, stretch
from scorecards.words import counted


def opened(story: Story) -> Message:
    """Tell that promises are broken: one message, however many they are."""
    listed, more = entries(story.broken, samples=True)
    headline = _headline(story)
    since = f"Since {moment(story.opened_at)}."
    return _message(
        story,
        Letter(
            subject=f"{'again ' if story.again else ''}{headline}",
            tone="bad",
            product=story.product,
            headline=headline,
            lead=(f"{since} It was resolved and is back.",) if story.again else (since,),
            entries=listed,
            more=more,
            steps=(
                "Repair the data and deliver it again." + _by_itself(story),
                "If the promise is wrong and not the data, publish a new version of the contract.",
                "Acknowledge the incident, so that others know you are on it.",
            ),
        ),
    )


def outage(story: Story) -> Message:
    """Tell that a product cannot be judged: nobody knows whether its promises are kept."""
    lead = (
        f"Since {moment(story.opened_at)}.",
        _sentence(story.reason) or "Its runs end without a verdict.",
        "This says nothing about the data: it may be good or bad. The score loses its backing.",
    )
    return _message(
        story,
        Letter(
            subject=f"{'again ' if story.again else ''}cannot be judged",
            tone="warn",
            product=story.product,
            headline="Cannot be judged",
            lead=lead,
            steps=(
                "Look at the last run's errors on the incident's page, and make the data reachable."
                + _by_itself(story),
            ),
        ),
    )


def recovered(story: Story) -> Message:
    """Tell that the trouble is over, and how long it lasted."""
    lasted = stretch(story.now - story.opened_at)
    judged = story.kind is IncidentKind.OUTAGE
    verb = "judged again" if judged else "recovered"
    usual = "Runs end with a verdict again." if judged else "Every blocking promise is kept again."
    listed, more = entries(story.broken, samples=False)
    return _message(
        story,
        Letter(
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
        ),
    )


def _message(story: Story, letter: Letter) -> Message:
    whole = replace(
        letter,
        subject=clean(f"[Assay] {story.product}: {letter.subject}"),
        product=clean(story.product),
        facts=facts(story),
        link=story.link,
    )
    return Message(subject=whole.subject, text=plain(whole), html=hypertext(whole))


def _headline(story: Story) -> str:
    critical = sum(1 for broken in story.broken if broken.severity is Severity.CRITICAL)
    words = f"{counted(len(story.broken), 'promise')} broken"
    return f"{words} ({critical:,} critical)" if critical else words


def _by_itself(story: Story) -> str:
    if story.next_run is None:
        return " Then ask for a run; you will hear when all is well."
    at = moment(story.next_run)
    return f" The run at {at} looks again by itself; you will hear when all is well."


def _sentence(text: str) -> str:
    words = clean(text)
    return words[:1].upper() + words[1:].rstrip(".") + "." if words else ""
