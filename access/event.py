"""What happened, as it is told to those who follow the feed of events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

Fact: TypeAlias = "bool | int | float | str | Mapping[str, Fact] | None"


class EventKind(StrEnum):
    """What can happen, as ``type`` of an event says it."""

    CONTRACT_PUBLISHED = "contract.published"
    RUN_FINISHED = "run.finished"
    INCIDENT_OPENED = "incident.opened"
    INCIDENT_ACKNOWLEDGED = "incident.acknowledged"
    INCIDENT_RESOLVED = "incident.resolved"
    INCIDENT_REOPENED = "incident.reopened"
    INCIDENT_UPDATED = "incident.updated"
    SCHEDULE_PAUSED = "schedule.paused"
    SCHEDULE_RESUMED = "schedule.resumed"
    SCORE_CHANGED = "score.changed"
    NOTICE_DEAD = "notice.dead"
    ASSURANCE_LOW = "assurance.low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, at an instant in UTC. ``id`` is 0 until the store gives one.

    Attributes:
        subject: What it happened to, such as ``run/12``.
        product: Key of the product that it concerns; None: none.
        facts: What there is to say. Every reader sees it: no row of data, no secret, no address.
    """

    id: int = 0
    at: datetime
    kind: EventKind
    subject: str
    product: str | None
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of the feed.

    Attributes:
        events: Oldest first.
        oldest: Id of the oldest event that is kept; 0 when nothing ever happened.
        newest: Id of the newest event that is kept, of any kind and product.
    """

    events: tuple[Event, ...]
    oldest: int
    newest: int
