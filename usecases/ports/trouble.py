"""What goes wrong and who hears of it: incidents and notices."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from incidents.answer import Answer
from incidents.filter import IncidentFilter
from incidents.model import Breach, Incident, IncidentEvent, IncidentKind
from notifications.model import Attempt, Disabled, Notice, Receiver


class Incidents(Protocol):
    """Breaches and the incidents that gather them."""

    def open_breaches(self, contract_id: str) -> Mapping[str, Breach]:
        """Return a contract's open breaches by fingerprint."""
        ...

    def save_breaches(
        self, contract_id: str, breaches: Sequence[Breach], *, incident_id: int | None
    ) -> None:
        """Keep breaches by fingerprint; new ones join the incident, older ones keep theirs."""
        ...

    def blocking_open(self, product: str) -> int:
        """Count the product's open breaches of blocking severity, over all its contracts."""
        ...

    def breaches(self, incident_id: int) -> tuple[Breach, ...]:
        """Return the breaches of an incident, oldest first."""
        ...

    def failures(self, incident_id: int) -> Mapping[tuple[str, datetime], Answer]:
        """Return how each breach of an incident failed last, by (fingerprint, when it opened)."""
        ...

    def unjudged(self, incident_id: int) -> tuple[Answer, ...]:
        """Return what errored or was skipped in each contract's newest run while it was open."""
        ...

    def current(self, product: str, kind: IncidentKind) -> Incident | None:
        """Return the product's open incident of that kind."""
        ...

    def latest_resolved(self, product: str, kind: IncidentKind) -> Incident | None:
        """Return the product's newest incident of that kind that is resolved, not closed."""
        ...

    def save(self, incident: Incident, events: Sequence[IncidentEvent]) -> Incident:
        """Keep an incident (a new one where its id is 0) and append to its timeline."""
        ...

    def get(self, incident_id: int) -> Incident | None:
        """Return one incident."""
        ...

    def events(self, incident_id: int) -> tuple[IncidentEvent, ...]:
        """Return an incident's timeline, oldest first."""
        ...

    def find(
        self, wanted: IncidentFilter, *, before: int | None, limit: int
    ) -> tuple[Incident, ...]:
        """Return incidents of a kind, newest first, those older than incident ``before``."""
        ...

    def page(
        self, *, product: str | None, only_open: bool, before: int | None, limit: int
    ) -> tuple[Incident, ...]:
        """Return incidents, newest first, those older than incident ``before``."""
        ...


class Notices(Protocol):
    """The outbox."""

    def add(self, notice: Notice) -> None:
        """Keep a notice to be sent; one with the same key, channel and target is kept once."""
        ...

    def due(self, *, now: datetime) -> bool:
        """Whether ``claim`` would find anything; a cheap read."""
        ...

    def claim(self, *, now: datetime, lease_until: datetime, limit: int) -> tuple[Notice, ...]:
        """Take due notices, writing an attempt for each; a dead sender's come again."""
        ...

    def sent(self, notice: Notice, *, now: datetime) -> None:
        """Record that it arrived."""
        ...

    def failed(
        self, notice: Notice, *, error: str, now: datetime, retry_at: datetime | None
    ) -> bool:
        """Record that it did not arrive; it is tried again at ``retry_at``, or dead when None.

        Where another sender has it by now, only the attempt is written down, and False returned.
        """
        ...

    def withdraw(self, incident_id: int) -> None:
        """Give up what waits to be sent about an incident: it is no longer true.

        That somebody cannot be told stays true, so the word of it stays.
        """
        ...

    def of_incident(self, incident_id: int) -> tuple[Notice, ...]:
        """Return the notices about an incident, oldest first."""
        ...

    def get(self, notice_id: int) -> Notice | None:
        """Return one notice."""
        ...

    def attempts(self, incident_id: int) -> Mapping[int, tuple[Attempt, ...]]:
        """Return the attempts at an incident's notices by the notice's id, oldest first."""
        ...

    def revive(self, notice_id: int, *, now: datetime) -> bool:
        """Make a dead letter due again; False where it is none."""
        ...

    def dead(self, *, before: int | None, limit: int) -> tuple[Notice, ...]:
        """Return dead letters, newest first, those older than notice ``before``."""
        ...

    def waiting(self, *, before: int | None, limit: int) -> tuple[Notice, ...]:
        """Return what is still to arrive, newest first, those older than notice ``before``."""
        ...

    def count_dead(self) -> int:
        """Count dead letters."""
        ...


class Receivers(Protocol):
    """Whom nothing is sent to any more, until somebody says that they can be reached."""

    def disable(self, receiver: Receiver, *, error: str, now: datetime) -> bool:
        """Send nothing more to a receiver; False where nothing was sent there already."""
        ...

    def disabled(self, receivers: Collection[Receiver]) -> Mapping[Receiver, Disabled]:
        """Return those of ``receivers`` to which nothing is sent."""
        ...

    def enable(self, receivers: Collection[Receiver]) -> int:
        """Send to ``receivers`` again, and return how many were disabled."""
        ...
