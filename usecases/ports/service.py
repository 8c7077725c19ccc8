"""The service itself: tokens, audit, signs of life, secrets."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from access.model import Token
from access.record import AuditEvent


class Tokens(Protocol):
    """Who may come in."""

    def add(self, token: Token, digest: str) -> Token:
        """Keep a new token and return it with its id."""
        ...

    def find(self, prefix: str) -> tuple[tuple[Token, str], ...]:
        """Return tokens whose secret begins with ``prefix``, each with its digest."""
        ...

    def all(self) -> tuple[Token, ...]:
        """Return every token, oldest first."""
        ...

    def revoke(self, token_id: int, *, now: datetime) -> bool:
        """Close a token for good; False when there is none, or it is closed already."""
        ...


class Audit(Protocol):
    """What was done, by whom."""

    def append(self, event: AuditEvent) -> None:
        """Add an event behind the last one, chained to it by hash."""
        ...

    def all(self) -> tuple[tuple[AuditEvent, str], ...]:
        """Return every event with its hash, oldest first."""
        ...


class Secrets(Protocol):
    """Whatever reads the secret that a connection refers to."""

    def __call__(self, reference: str) -> str:
        """Return the secret behind ``env:NAME`` or ``file:/absolute/path``.

        Raises:
            UnreadableSecret: there is none, or it can be none.
        """
        ...


class Heartbeats(Protocol):
    """Signs of life of the service's processes."""

    def beat(self, process: str, now: datetime) -> None:
        """Say that ``process`` (such as ``worker``) is alive."""
        ...

    def latest(self) -> Mapping[str, datetime]:
        """Return the newest sign of life of each process."""
        ...

    def begin(self, name: str, now: datetime) -> bool:
        """Write down that ``name`` began; False when somebody did so before."""
        ...

    def end(self, name: str) -> bool:
        """Forget that ``name`` began; False when somebody did so before."""
        ...
