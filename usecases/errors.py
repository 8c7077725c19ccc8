"""What can go wrong in a verb that is nobody's bug.

UseCaseError
├── NotFound          there is no such thing
├── Conflict          what is there stands against it
└── Unlocatable       a contract's data cannot be reached as it is described
    └── UnreadableSecret   the secret that a connection refers to cannot be read
"""

from collections.abc import Sequence


class UseCaseError(Exception):
    """Base of all errors raised by ``usecases``."""


class NotFound(UseCaseError):
    """There is no ``kind`` called ``name``; ``known`` are those there are, where few."""

    def __init__(self, kind: str, name: str, *, known: Sequence[str] = ()) -> None:
        self.kind = kind
        self.name = name
        there_are = f"; known: {', '.join(known)}" if known else ""
        super().__init__(f"there is no {kind} {name!r}{there_are}")


class Conflict(UseCaseError):
    """What is recorded stands against the request; ``code`` is stable and hyphenated."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


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
