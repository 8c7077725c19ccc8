"""A notice and its life. Plain values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

Receiver: TypeAlias = tuple[str, str]
"""A channel's kind, and whom it reaches, such as ``("email", "ana@example.org")``."""


class NoticeState(StrEnum):
    """queued -> sending -> sent, or retry -> ... -> dead (letter) for an operator to resend.

    One that is no longer true before it could be sent is ``WITHDRAWN``.
    """

    QUEUED = "queued"
    SENDING = "sending"
    RETRY = "retry"
    SENT = "sent"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"


class Form(StrEnum):
    """What a channel shows beside plain text: HTML for people, or JSON for programs."""

    LETTER = "letter"
    EVENT = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One story, told twice: as plain text, and rich in the form that its channel reads.

    Attributes:
        subject: One line.
        rich: An HTML document, or a JSON object.
    """

    subject: str
    text: str
    rich: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message to one receiver.

    Attributes:
        id: 0 until the store gives one.
        key: Idempotency key; the same for every try, so that a receiver can tell a repeat.
        channel: Kind of channel, such as ``email``.
        target: Whom the channel reaches, such as an address.
        attempt: Tries so far.
        due_at: Not to be sent before this instant, UTC.
    """

    id: int = 0
    key: str
    channel: str
    target: str
    message: Message
    incident_id: int
    state: NoticeState = NoticeState.QUEUED
    attempt: int = 0
    due_at: datetime

    @property
    def receiver(self) -> Receiver:
        """Channel and target."""
        return self.channel, self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class Disabled:
    """That nothing is sent to a receiver any more, until somebody says that it is mended.

    Attributes:
        since: UTC.
        error: By what the receiver was found to be gone.
    """

    since: datetime
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to send a notice. Times are UTC.

    Attributes:
        number: The first is 1.
        ended_at: None while it goes on.
        error: Why it failed; empty when it did not, or goes on.
    """

    number: int
    started_at: datetime
    ended_at: datetime | None = None
    error: str = ""
