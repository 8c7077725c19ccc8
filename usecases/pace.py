"""How the queue is driven."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How the queue is driven.

    Attributes:
        batch: Most schedules fired, or versions looked up, in one transaction.
        in_flight: Most runs handed to the broker and not ended.
        per_connection: Most of them that read over one connection.
        redispatch: After this long a queued run's message counts as lost.
        attempts: Claims of one run before it is lost.
    """

    batch: int = 500
    in_flight: int = 4
    per_connection: int = 4
    redispatch: timedelta = timedelta(seconds=30)
    attempts: int = 3
