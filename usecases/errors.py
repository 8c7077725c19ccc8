"""What can go wrong in a verb that is nobody's bug.

UseCaseError
├── NotFound          there is no such thing
│   └── NoCardYet     there is, but there was not at the moment that was asked for
├── NotYet            the moment that was asked for lies ahead
├── Conflict          what is there stands against it
├── Gone              it was there once, and is kept no more
├── KeyReused         an idempotency key came with another request before
├── StillWorking      the same request is being worked on
├── QueueFull         as many runs wait as may wait
└── Unlocatable       a contract's data cannot be reached as it is described
    └── UnreadableSecret   the secret that a connection refers to cannot be read
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from checks.wording import listed
from contracts.notes import guess


class UseCaseError(Exception):
    """Base of all errors raised by ``usecases``."""


class NotFound(UseCaseError):
    """There is no ``kind`` called ``name``; ``known`` are those there are.

    The message suggests the one that is spelt most alike, and lists the first ten.
    """

    def __init__(self, kind: str, name: str, *, known: Sequence[str] = ()) -> None:
        self.kind = kind
        self.name = name
        there_are = f"{guess(name, known)}; known: {listed(known)}" if known else ""
        super().__init__(f"there is no {kind} {name!r}{there_are}")


class NoCardYet(NotFound):
    """Product ``key`` was first published at ``first``, after ``at``."""

    def __init__(self, key: str, *, at: datetime, first: datetime) -> None:
        super().__init__("product", key)
        self.at = at
        self.first = first
        self.args = (
            f"there is no card of {key!r} at {_said(at)}: it was first published at {_said(first)}",
        )


class NotYet(UseCaseError):
    """The moment ``at`` lies ahead of ``now``."""

    def __init__(self, *, at: datetime, now: datetime) -> None:
        self.at = at
        self.now = now
        super().__init__(f"{_said(at)} lies ahead: give a moment up to {_said(now)}, which is now")


class Conflict(UseCaseError):
    """What is recorded stands against the request; ``code`` is stable and hyphenated."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class Gone(UseCaseError):
    """What is asked for is kept no more; ``code`` is stable and hyphenated."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class KeyReused(UseCaseError):
    """The idempotency key ``key`` came with another request before."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            f"the key {key!r} came with another request before; give each request one of its own"
        )


class StillWorking(UseCaseError):
    """The request with the idempotency key ``key`` is being worked on."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            f"the request with the key {key!r} is being worked on; send it again a little later"
        )


class QueueFull(UseCaseError):
    """``waiting`` runs wait, which is as many as may."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        super().__init__(
            f"{waiting} runs wait to be judged, and no more may wait: ask again later; "
            "if it stays so, add workers (ASSAY_CONCURRENCY, ASSAY_SLOTS) or raise "
            "ASSAY_QUEUE_LIMIT"
        )


class Unlocatable(UseCaseError):
    """The data of a contract cannot be reached as it is described; the message says why."""


class UnreadableSecret(Unlocatable):
    """What ``reference`` refers to cannot be read; ``why`` and the message hold no secret.

    The message names the reference, which is for administrators only.
    """

    def __init__(self, reference: str, why: str) -> None:
        self.reference = reference
        self.why = why
        super().__init__(f"the secret {reference!r} cannot be read: {why}")


def _said(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
