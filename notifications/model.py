"""A notice and its life. Plain values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Words for a person: the same story as text and as HTML."""

    subject: str
    text: str
    html: str


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
