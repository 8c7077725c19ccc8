"""Messages about telling itself: a test of a channel, and news of a receiver out of reach."""

from datetime import datetime
from typing import Final

from contracts.values import Json
from notifications.event import envelope
from notifications.hypertext import hypertext
from notifications.letter import Letter
from notifications.model import Form, Message, Notice
from notifications.plain import plain
from notifications.story import Story
from notifications.words import clean, moment, short

UNREACHED: Final = "unreached:"
"""How the key of a notice begins that says that another one did not arrive."""
_LONGEST: Final = 240
_OFF: Final = "The receiver is gone, so it is disabled: nothing more is sent there."
_ON: Final = (
    "Sending that message again enables it. So do a test that arrives (assay notify test) and a "
    "new version of the contract that names it."
)


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


def undelivered(
    story: Story, lost: Notice, *, receiver: str, form: Form, key: str, disabled: bool = False
) -> Message:
    """Return a message to one receiver about another who could not be told.

    Args:
        story: Of the incident; its ``news`` and what is broken play no part.
        lost: What the other one was to be told.
        receiver: The other one, in words.
        form: What the channel of this one reads.
        key: Of this notice; an event's id.
        disabled: Whether nothing is sent to the other one any more.
    """
    letter = _about_lost(story, lost, receiver=receiver, form=form, disabled=disabled)
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
            "disabled": disabled,
            "notice": lost.id,
            "text": text,
        },
    )
    return Message(subject=letter.subject, text=text, rich=rich)


def open_subject(notice: Notice) -> str:
    """Return a notice's subject for those who may not know receivers."""
    if not notice.key.startswith(UNREACHED):
        return notice.message.subject
    return f"{notice.message.subject.rpartition(': ')[0]}: somebody cannot be told"


def _about_lost(story: Story, lost: Notice, *, receiver: str, form: Form, disabled: bool) -> Letter:
    return Letter(
        subject=clean(f"[Assay] {short(story.product, 80)}: {receiver} cannot be told"),
        tone="warn",
        product=short(story.product, 80),
        headline=f"{receiver} cannot be told",
        lead=(
            f"A message about incident #{story.incident_id} did not arrive.",
            "It is not tried again by itself. The incident lists each try, with why it failed.",
            *((_OFF,) if disabled else ()),
        ),
        steps=(
            "Mend the receiver, or name another one in the contract under support.",
            f"Once it is mended, send the message again: assay notify resend {lost.id}",
            *((_ON,) if disabled else ()),
        ),
        quote=lost.message.text if form is Form.LETTER else "",
        links=(("Open the incident", story.link),) if story.link else (),
    )
