"""The message to operators about the service itself: its engine fell silent, or is back."""

from datetime import datetime

from contracts.instants import instant
from contracts.values import Json
from notifications.event import envelope
from notifications.hypertext import hypertext
from notifications.letter import Letter
from notifications.model import Form, Message
from notifications.plain import plain
from notifications.words import moment


def alarm(
    *, silent: bool, last: datetime | None, now: datetime, url: str, form: Form, key: str
) -> Message:
    """Return what operators are told.

    Args:
        silent: Whether the engine fell silent; else it shows life again.
        last: Its newest sign of life, UTC; None where there never was one.
        now: UTC.
        url: Where people reach the service.
        form: What the channel reads.
        key: Of the message; an event's id.
    """
    letter = _silent(last, now, url) if silent else _alive(last, now, url)
    text = plain(letter)
    if form is Form.LETTER:
        return Message(subject=letter.subject, text=text, rich=hypertext(letter))
    content: dict[str, Json] = {"last": instant(last) if last else None, "text": text}
    kind = "engine.silent" if silent else "engine.alive"
    rich = envelope(kind, key=key, source=url, subject="engine", at=now, content=content)
    return Message(subject=letter.subject, text=text, rich=rich)


def _silent(last: datetime | None, now: datetime, url: str) -> Letter:
    since = f"since {moment(last)}" if last else "at all"
    return Letter(
        subject="[Assay] the engine is silent: nothing is judged",
        tone="bad",
        product="Assay",
        headline="The engine is silent",
        lead=(
            f"No scheduler has shown life {since}; it is {moment(now)}.",
            "Until one does, nothing is scheduled, judged or sent: a green score may be old.",
        ),
        steps=(
            "Start a scheduler ('assay scheduler', or 'assay up') and read its log.",
            "'assay doctor' looks at the database, the broker and the clocks.",
        ),
        links=(("Open Assay", url),) if url else (),
    )


def _alive(last: datetime | None, now: datetime, url: str) -> Letter:
    return Letter(
        subject="[Assay] the engine shows life again",
        tone="ok",
        product="Assay",
        headline="The engine shows life again",
        lead=(
            f"Its newest sign of life is of {moment(last or now)}.",
            "What was due meanwhile is made up for as each contract says. Nothing is to be done.",
        ),
        links=(("Open Assay", url),) if url else (),
    )
