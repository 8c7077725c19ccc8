"""Breaches and incidents: trouble with a beginning, a life and an end. Plain values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.values import Severity


class BreachState(StrEnum):
    """pending -> firing -> resolving -> resolved; or superseded by a version."""

    PENDING = "pending"
    FIRING = "firing"
    RESOLVING = "resolving"
    RESOLVED = "resolved"
    SUPERSEDED = "superseded"

    @property
    def open(self) -> bool:
        """Whether the promise is still broken."""
        return self not in {BreachState.RESOLVED, BreachState.SUPERSEDED}


class IncidentKind(StrEnum):
    """Why a product is in trouble: its data broke promises, or it could not be judged."""

    BREACH = "breach"
    OUTAGE = "outage"


class IncidentState(StrEnum):
    """The life of an incident."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something."""
        return self not in {IncidentState.RESOLVED, IncidentState.CLOSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A failed clause on a segment. Times are UTC; ``resolved_at`` is None while it is open."""

    fingerprint: str
    clause_key: str
    segment: str
    severity: Severity
    state: BreachState
    opened_at: datetime
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A product in trouble. ``id`` is 0 until the store gives one.

    Times are UTC; None means not yet.
    """

    id: int = 0
    product: str
    kind: IncidentKind
    state: IncidentState
    title: str
    opened_at: datetime
    resolved_at: datetime | None = None
    acknowledged_by: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEvent:
    """One entry of an incident's timeline. ``actor`` is a token's name, or ``assay`` itself."""

    at: datetime
    kind: str
    actor: str
    detail: str
