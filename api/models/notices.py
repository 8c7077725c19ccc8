"""Notices: who is told, how that went, and trying it."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.models.base import Shape, Word
from notifications.model import NoticeState

_Channel = Annotated[Word, Field(min_length=1, max_length=40, examples=["email"])]
_Target = Annotated[Word, Field(min_length=1, max_length=2000, examples=["ana@example.org"])]


class AttemptDocument(Shape):
    """One try to send a notice."""

    number: int = Field(description="The first is 1.")
    started_at: datetime
    ended_at: datetime | None = Field(description="Null while it goes on.")
    error: str = Field(
        description="Why it failed; empty when it did not. Only those who manage the product's "
        "incidents are told more than that it failed."
    )


class NoticeDocument(Shape):
    """A message to one receiver about an incident."""

    id: int
    incident: int
    channel: str = Field(examples=["email"])
    target: str = Field(examples=["o…@example.org"])
    target_shown: bool = Field(
        description="Whether the target is whole; it is masked for those who do not manage the "
        "product's incidents."
    )
    subject: str
    state: NoticeState = Field(description="`dead`: given up; an owner can send it again.")
    tries: int = Field(description="Tries so far.")
    attempts: list[AttemptDocument] = Field(description="Each try, oldest first.")
    last_error: str = Field(description="Why the newest try that failed did; may be empty.")
    next_try: datetime | None = Field(description="Null: none will be made by itself.")
    disabled_since: datetime | None = Field(
        description="Since when nothing is sent to the receiver, which said that it is gone; null: "
        "it is sent to. Sending a dead letter again, a test that arrives, and a new version of a "
        "contract that names it each enable it."
    )
    why: str = Field(description="Why it has not arrived, in a sentence; empty when it has.")


class NoticeTrial(Shape):
    """A channel and a target to send a test message to."""

    channel: _Channel
    target: _Target


class NoticeTryDocument(Shape):
    """What came of a test message."""

    channel: str = Field(examples=["email"])
    target: str = Field(examples=["ana@example.org"])
    ok: bool = Field(description="Whether the receiver took it.")
    detail: str = Field(description="Why it did not arrive, in full; empty when it did.")
    advice: str = Field(description="What to do about it; may be empty.")
    seconds: float
    enabled: bool = Field(
        description="The receiver was disabled; since the test arrived, it is so no more."
    )


class WebhookTarget(Shape):
    """A webhook by its URL, letter for letter as contracts name it."""

    target: _Target


class WebhookSecret(Shape):
    """What a webhook's receiver checks signatures with."""

    target: str = Field(examples=["https://hooks.example.org/assay"])
    secret: str = Field(description="As Standard Webhooks writes it: `whsec_` and base64.")
