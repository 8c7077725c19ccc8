"""The feed of events: what is told of each thing that happens, and how it is followed.

An event is written in the transaction of what it tells. Every reader sees it, of every domain.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from access.errors import require
from access.event import Event, EventKind, Fact, Stretch
from access.model import Action, Principal
from contracts.record import Version
from incidents.model import Incident
from incidents.step import Change
from notifications.model import Notice
from runs.model import Run, Schedule
from scorecards.line import Snapshot
from scorecards.model import Score
from scorecards.words import floored
from usecases.errors import Gone
from usecases.ports import Shelf, Store

_OF_CHANGE: Final = {
    Change.OPENED: EventKind.INCIDENT_OPENED,
    Change.ACKNOWLEDGED: EventKind.INCIDENT_ACKNOWLEDGED,
    Change.RESOLVED: EventKind.INCIDENT_RESOLVED,
    Change.REOPENED: EventKind.INCIDENT_REOPENED,
    Change.JOINED: EventKind.INCIDENT_UPDATED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a follower wants to hear of; None and empty: all."""

    product: str | None = None
    kinds: Collection[EventKind] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A page of the feed. ``next`` is where to go on, also when nothing more has happened yet."""

    events: tuple[Event, ...]
    next: int


def follow(store: Store, *, by: Principal, after: int, limit: int, wanted: Wanted) -> Followed:
    """Return at most ``limit`` events behind the cursor ``after``, oldest first; 0 is the start.

    Raises:
        Forbidden: ``by`` may not read.
        Gone: what came behind the cursor is kept no more, or the cursor is not of this feed.
    """
    require(by, Action.READ)
    with store.read() as shelf:
        found = shelf.events.after(
            after, product=wanted.product, kinds=wanted.kinds, limit=limit + 1
        )
    if after and not found.oldest <= after <= found.newest:
        raise Gone("cursor-gone", _why_gone(after, found))
    events = found.events[:limit]
    if len(found.events) > limit:
        return Followed(events=events, next=events[-1].id)
    # Nothing else that is wanted lies up to the newest, nor will anything come before it.
    last = events[-1].id if events else after
    return Followed(events=events, next=max(last, found.newest))


def _why_gone(after: int, found: Stretch) -> str:
    if after > found.newest:
        return f"the cursor {after} was never given out here; begin again without one"
    return (
        f"events behind the cursor {after} are kept no more; begin again without one, "
        "and read the present state of what you follow"
    )


def published_event(version: Version, before: Version | None, clauses: int) -> Event:
    """Return the event of a contract's new version; ``before`` is the one it follows."""
    return Event(
        at=version.published_at,
        kind=EventKind.CONTRACT_PUBLISHED,
        subject=f"contract/{version.contract_id}",
        product=version.product,
        facts={
            "contract": version.contract_id,
            "version": version.version,
            "previous": before.version if before else None,
            "sha256": version.sha256,
            "published_by": version.published_by,
            "clauses": clauses,
        },
    )


def finished_event(run: Run) -> Event:
    """Return the event of a run that ended, however it ended; ``run`` is as recorded."""
    return Event(
        at=run.finished or run.created,
        kind=EventKind.RUN_FINISHED,
        subject=f"run/{run.id}",
        product=run.product,
        facts={
            "run": run.id,
            "contract": run.contract_id,
            "version": run.version,
            "trigger": run.trigger.value,
            "state": run.state.value,
            "outcome": run.outcome,
            "counts": dict(run.counts),
            "seconds": run.seconds.get("total"),
        },
    )


def tell_incident(shelf: Shelf, change: Change, incident: Incident | None, now: datetime) -> None:
    """Write the event of an incident's step, where it is one to tell."""
    kind = _OF_CHANGE.get(change)
    if kind is None or incident is None:
        return
    facts = {
        "incident": incident.id,
        "kind": incident.kind.value,
        "state": incident.state.value,
        "title": incident.title,
        "acknowledged_by": incident.acknowledged_by,
        "reason": incident.reason,
    }
    subject = f"incident/{incident.id}"
    shelf.events.append(
        Event(at=now, kind=kind, subject=subject, product=incident.product, facts=facts)
    )


def schedule_event(schedule: Schedule, product: str | None, by: Principal, now: datetime) -> Event:
    """Return the event of a schedule that was paused or resumed, as it stands now."""
    pause = schedule.pause
    return Event(
        at=now,
        kind=EventKind.SCHEDULE_PAUSED if pause else EventKind.SCHEDULE_RESUMED,
        subject=f"contract/{schedule.contract_id}",
        product=product,
        facts={
            "contract": schedule.contract_id,
            "by": by.name,
            "reason": pause.reason if pause else "",
        },
    )


def tell_score(
    shelf: Shelf, product: str, before: Snapshot | None, after: Score, now: datetime
) -> None:
    """Write the event of a score that a reader would see changed: to one decimal, in percent."""
    was = (None,) * 4 if before is None else _numbers(before)
    now_is = _numbers(after)
    if was == now_is:
        return
    names = ("quality", "low", "high", "assurance")
    shelf.events.append(
        Event(
            at=now,
            kind=EventKind.SCORE_CHANGED,
            subject=f"product/{product}",
            product=product,
            facts={
                **dict(zip(names, now_is, strict=True)),
                "cap": after.cap,
                "failing": after.failing,
                "before": dict(zip(names, was, strict=True)),
            },
        )
    )


def _numbers(found: Score | Snapshot) -> tuple[float | None, ...]:
    seen = (found.quality, found.low, found.high)
    told = (None if number is None else floored(number, 1) for number in seen)
    return (*told, floored(found.assurance, 3))


def tell_dead(shelf: Shelf, notice: Notice, now: datetime) -> None:
    """Write the event of a notice that was given up. Whom it was for is not told."""
    incident = shelf.incidents.get(notice.incident_id)
    facts: dict[str, Fact] = {
        "notice": notice.id,
        "incident": notice.incident_id,
        "channel": notice.channel,
        "attempts": notice.attempt,
    }
    shelf.events.append(
        Event(
            at=now,
            kind=EventKind.NOTICE_DEAD,
            subject=f"notice/{notice.id}",
            product=incident.product if incident else None,
            facts=facts,
        )
    )


def assurance_event(product: str, was: float, now_is: float, now: datetime) -> Event:
    """Return the event of a product whose assurance time has worn below what may be relied on."""
    return Event(
        at=now,
        kind=EventKind.ASSURANCE_LOW,
        subject=f"product/{product}",
        product=product,
        facts={"assurance": floored(now_is, 3), "before": floored(was, 3)},
    )
