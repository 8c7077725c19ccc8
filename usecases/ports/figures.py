"""What operators watch: how much waits, for how long, and what came to an end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from incidents.figures import Trouble
from runs.figures import Ended, Line


class Figures(Protocol):
    """Sums that are cheap to read, however much is kept."""

    def queued(self) -> Line:
        """Return the runs that are queued, since the first was asked for."""
        ...

    def running(self) -> int:
        """Count the runs that are being judged."""
        ...

    def overdue(self, now: datetime) -> datetime | None:
        """Return when the schedule was due that is overdue longest; None when none is."""
        ...

    def outbox(self, now: datetime) -> Line:
        """Return the notices still to arrive, since the first that is due was due."""
        ...

    def requested(self) -> int:
        """Return the number of the newest run: how many were ever asked for."""
        ...

    def attempts(self) -> int:
        """Return the number of the newest try to send a notice: how many were ever made."""
        ...

    def trouble(self) -> tuple[Trouble, ...]:
        """Return the open incidents, counted by kind, state and severity."""
        ...

    def newest(self) -> int:
        """Return the number of the newest event; 0 when nothing ever happened."""
        ...

    def ended(self, after: int, *, limit: int) -> Mapping[int, Ended]:
        """Return the runs that ended since event ``after``, by the event's number, in order."""
        ...
