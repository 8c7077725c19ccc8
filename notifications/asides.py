"""Messages about telling itself: a test of a channel, and news of a receiver out of reach."""

from datetime import datetime

from contracts.values import Json
from notifications.event import envelope
from notifications.hypertext import hypertext
from notifications.letter import Letter
from notifications.model import Form, Message, Notice
from notifications.plain import plain
from notifications.story import Story
from notifications.words import clean, moment, short

_LONGEST = 240


def trial(*, by: str, url: str, now: datetime, form: Form, key: str) -> Message:
    """Return a message by which somebody tries a channel.

    Args:
        by: Who tries.
        url: Where people reach the service.
        now: UTC.
        form: What the channel reads.
        key: Of the notice; an event's id.
    """
    who = short(by, _LONGEST)
    letter = Letter(
        subject="[Assay] this is a test",
        tone="ok",
        product="Assay",
        headline="This is a test",
        lead=(
            f"{who} tried this channel at {moment(now)}.",
            "Messages about data products in trouble will reach you here. Nothing is to be done.",
        ),
        links=(("Open Assay", url),) if url else (),
    )
    text = plain(letter)
    if form is Form.LETTER:
        return Message(subject=letter.subject, text=text, rich=hypertext(letter))
    content: dict[str, Json] = {"by": who, "text": text}
    rich = envelope("notice.test", key=key, source=url, subject="test", at=now, content=content)
    return Message(subject=letter.subject, text=text, rich=rich)


def undelivered(story: Story, lost: Notice, *, receiver: str, form: Form, key: str) -> Message:
    """Return a message to one receiver about another who could not be told.

    Args:
        story: Of the incident; its ``news`` and what is broken play no part.
        lost: What the other one was to be told.
        receiver: The other one, in words.
        form: What the channel of this one reads.
        key: Of this notice; an event's id.
    """
    letter = _about_lost(story, lost, receiver=receiver, form=form)
    text = plain(letter)
    if form is Form.LETTER:
        return Message(subject=letter.subject, text=text, rich=hypertext(letter))
    rich = envelope(
        "notice.undelivered",
        key=key,
        source=story.url,
        subject=story.product,
        at=story.now,
        content={
            "incident": {"id": story.incident_id, "link": story.link or None},
            "receiver": receiver,
            "notice": lost.id,
            "text": text,
        },
    )
    return Message(subject=letter.subject, text=text, rich=rich)


def _about_lost(story: Story, lost: Notice, *, receiver: str, form: Form) -> Letter:
    return Letter(
        subject=clean(f"[Assay] {short(story.product, 80)}: {receiver} cannot be told"),
        tone="warn",
        product=short(story.product, 80),
        headline=f"{receiver} cannot be told",
        lead=(
            f"A message about incident #{story.incident_id} did not arrive.",
            "It is not tried again by itself. The incident lists each try, with why it failed.",
        ),
        steps=(
            "Mend the receiver, or name another one in the contract under support.",
            f"Once it is mended, send the message again: assay notify resend {lost.id}",
        ),
        quote=lost.message.text if form is Form.LETTER else "",
        links=(("Open the incident", story.link),) if story.link else (),
    )
