"""The life of an incident, moved on by runs. Each step is pure: values in, values out.

none --broken--> OPENED --more broken--> joined ... --nothing blocking open--> RESOLVED
RESOLVED --broken again within 24 h--> REOPENED, the same incident; later: a new one
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from typing import Final

from contracts.values import Severity
from incidents.breaches import BreachSteps
from incidents.model import Breach, Incident, IncidentEvent, IncidentKind, IncidentState
from runs.model import RunState

ASSAY: Final = "assay"
REOPENS_WITHIN: Final = timedelta(hours=24)
ERRORED_IN_A_ROW: Final = 3
_OUTAGE: Final = "cannot be judged"
_NAMED: Final = 3


class Change(StrEnum):
    """What a step did to the product's incident."""

    OPENED = "opened"
    REOPENED = "reopened"
    JOINED = "joined"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    UNCHANGED = "unchanged"

    @property
    def told(self) -> bool:
        """Whether the owner gets a message; a breach that joins is written down, not told."""
        return self in {Change.OPENED, Change.REOPENED, Change.RESOLVED}


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentStep:
    """An incident after a step, and what is to be written on its timeline.

    ``incident`` is None only when there was none and nothing opened one.
    """

    change: Change
    incident: Incident | None
    events: tuple[IncidentEvent, ...] = ()


def step_incident(
    current: Incident | None,
    latest_resolved: Incident | None,
    *,
    product: str,
    steps: BreachSteps,
    blocking: int,
    now: datetime,
) -> IncidentStep:
    """Move a product's incident of kind ``breach`` on after a run.

    It opens when a blocking promise failed in the run, also one that was broken before: a person
    may have resolved the incident while the data stayed as it was.

    Args:
        current: The open incident of the product; None when there is none.
        latest_resolved: Its newest resolved one; reopened up to 24 hours after its end.
        product: Key of the product.
        steps: What the run did to the contract's breaches.
        blocking: Open breaches of blocking severity of the whole product, over all its contracts,
            once ``steps`` are done.
        now: When the results became known, UTC.
    """
    broken = [breach for breach in steps.opened + steps.still if breach.severity.blocking]
    if current is None:
        if not blocking or not broken:
            return IncidentStep(change=Change.UNCHANGED, incident=None)
        fresh = _fresh(product, IncidentKind.BREACH, title_of(broken), now)
        return _begin(fresh, latest_resolved, _names(broken))
    if not blocking:
        return _end(current, _reason(steps), now)
    if steps.opened:
        return IncidentStep(
            change=Change.JOINED,
            incident=current,
            events=(_event(Change.JOINED, _names(steps.opened), now),),
        )
    return IncidentStep(change=Change.UNCHANGED, incident=current)


def retitled(step: IncidentStep, breaches: Iterable[Breach]) -> IncidentStep:
    """Let the title of an incident that breaches joined count all that block and are open in it.

    Args:
        step: What a run did to the incident; only where breaches joined does anything change.
        breaches: The incident's breaches, over all contracts of the product; of several under one
            fingerprint the last open one counts.
    """
    latest = {breach.fingerprint: breach for breach in breaches if breach.state.open}
    broken = [breach for breach in latest.values() if breach.severity.blocking]
    if step.change is not Change.JOINED or step.incident is None or not broken:
        return step
    return replace(step, incident=replace(step.incident, title=title_of(broken)))


def is_out(states: Sequence[RunState]) -> bool:
    """Whether a contract cannot be judged: a run was lost, or three in a row errored.

    Args:
        states: How its latest ended runs ended, newest first, at least three where there are so
            many. What lies before the newest run that ended ``done`` plays no part.
    """
    faults = list(takewhile(lambda state: state is not RunState.DONE, states))
    return RunState.LOST in faults or len(faults) >= ERRORED_IN_A_ROW


def step_outage(
    current: Incident | None,
    latest_resolved: Incident | None,
    *,
    product: str,
    out: bool,
    detail: str,
    now: datetime,
) -> IncidentStep:
    """Move a product's incident of kind ``outage`` on after a run ended.

    Args:
        current: The open incident of the product; None when there is none.
        latest_resolved: Its newest resolved one; reopened up to 24 hours after its end.
        product: Key of the product.
        out: Whether any contract of the product ``is_out``.
        detail: What the run said when it errored or was lost, for the timeline.
        now: When the run ended, UTC.
    """
    if current is None and out:
        fresh = _fresh(product, IncidentKind.OUTAGE, _OUTAGE, now)
        return _begin(fresh, latest_resolved, detail)
    if current is not None and not out:
        return _end(current, "runs end with a verdict again", now)
    return IncidentStep(change=Change.UNCHANGED, incident=current)


def title_of(broken: Sequence[Breach]) -> str:
    """Return such as ``3 promises broken (1 critical)``."""
    words = "1 promise broken" if len(broken) == 1 else f"{len(broken):,} promises broken"
    critical = sum(1 for breach in broken if breach.severity is Severity.CRITICAL)
    return f"{words} ({critical} critical)" if critical else words


def _fresh(product: str, kind: IncidentKind, title: str, now: datetime) -> Incident:
    return Incident(
        product=product, kind=kind, state=IncidentState.TRIGGERED, title=title, opened_at=now
    )


def _begin(fresh: Incident, latest: Incident | None, detail: str) -> IncidentStep:
    """Reopen ``latest`` if it ended not long ago, else open ``fresh``."""
    now = fresh.opened_at
    ended = None if latest is None else latest.resolved_at
    if latest is None or ended is None or now - ended > REOPENS_WITHIN:
        event = _event(Change.OPENED, detail, now)
        return IncidentStep(change=Change.OPENED, incident=fresh, events=(event,))
    again = replace(
        latest,
        state=IncidentState.TRIGGERED,
        title=fresh.title,
        resolved_at=None,
        acknowledged_by=None,
        reason="",
    )
    event = _event(Change.REOPENED, detail, now)
    return IncidentStep(change=Change.REOPENED, incident=again, events=(event,))


def _end(current: Incident, reason: str, now: datetime) -> IncidentStep:
    over = replace(current, state=IncidentState.RESOLVED, resolved_at=now, reason=reason)
    event = _event(Change.RESOLVED, reason, now)
    return IncidentStep(change=Change.RESOLVED, incident=over, events=(event,))


def _event(change: Change, detail: str, now: datetime) -> IncidentEvent:
    return IncidentEvent(at=now, kind=change.value, actor=ASSAY, detail=detail)


def _reason(steps: BreachSteps) -> str:
    if steps.superseded and not steps.resolved:
        return "the promises are no longer made"
    return "every blocking promise is kept again"


def _names(breaches: Sequence[Breach]) -> str:
    """Return the gravest clauses by key, such as ``/schema/a/b, /schema/a/c and 2 more``."""
    gravest = sorted(breaches, key=lambda breach: list(Severity).index(breach.severity))
    named = ", ".join(breach.clause_key for breach in gravest[:_NAMED])
    more = len(breaches) - _NAMED
    return f"{named} and {more:,} more" if more > 0 else named
