"""What happened, for those who follow; requests sent twice; looks at assurance."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from access.event import Event, EventKind, Stretch
from access.idempotency import Keyed, Known, Reply


class Events(Protocol):
    """The feed of events."""

    def append(self, event: Event) -> None:
        """Add an event behind the last one, when the transaction ends."""
        ...

    def after(
        self, event_id: int, *, product: str | None, kinds: Collection[EventKind], limit: int
    ) -> Stretch:
        """Return events behind ``event_id``, oldest first; of every kind where ``kinds`` is empty.

        Numbers rise in the order of commits: none comes later with a number below ``newest``.
        """
        ...

    def old(self, before: datetime) -> bool:
        """Whether ``forget`` would find anything; a cheap read."""
        ...

    def forget(self, before: datetime, *, limit: int) -> int:
        """Delete events from before that instant, all but the newest of them; say how many."""
        ...


class Keys(Protocol):
    """Requests that may be sent twice, and what was answered to them."""

    def add(self, keyed: Keyed, *, now: datetime, expires_at: datetime) -> int | None:
        """Begin the request of a new key and return its row's id; None when the key is there."""
        ...

    def find(self, keyed: Keyed) -> Known | None:
        """Return what is known of a key, held until the transaction ends."""
        ...

    def begin_again(
        self, known: Known, keyed: Keyed, *, now: datetime, expires_at: datetime
    ) -> int:
        """Begin a request once more, whatever became of it before; return the attempt's number."""
        ...

    def keep(self, key_id: int, attempt: int, reply: Reply) -> bool:
        """Keep what was answered; False when a newer attempt has begun, or the key is forgotten."""
        ...

    def free(self, key_id: int, attempt: int) -> None:
        """Forget a key whose request came to nothing, unless a newer attempt has begun."""
        ...

    def expired(self, now: datetime) -> bool:
        """Whether ``forget`` would find anything; a cheap read."""
        ...

    def forget(self, now: datetime, *, limit: int) -> int:
        """Delete at most ``limit`` keys whose time is over, and say how many."""
        ...


class Watches(Protocol):
    """When each product's assurance was last looked at."""

    def stale(self, before: datetime, *, limit: int) -> Mapping[str, datetime | None]:
        """Return products not looked at since ``before``, and when they were; None: never."""
        ...

    def look(self, product: str, *, last: datetime | None, now: datetime) -> bool:
        """Write down a look at ``now``; False when somebody else has looked since ``last``."""
        ...
