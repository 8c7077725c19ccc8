"""What a person does to an incident. Each step is pure: values in, values out."""

from dataclasses import dataclass, replace
from datetime import datetime

from incidents.errors import NotOpen, ReasonMissing
from incidents.model import Incident, IncidentEvent, IncidentState
from incidents.step import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """An incident after a person's step, and what is to be written on its timeline."""

    change: Change
    incident: Incident
    events: tuple[IncidentEvent, ...] = ()


def acknowledge(incident: Incident, *, actor: str, now: datetime) -> Handled:
    """Note that ``actor`` takes care of it. Twice changes nothing; somebody else takes it over.

    Raises:
        NotOpen: it is over.
    """
    if not incident.state.open:
        raise NotOpen(incident)
    if incident.acknowledged_by == actor:
        return Handled(change=Change.UNCHANGED, incident=incident)
    mitigated = incident.state is IncidentState.MITIGATED
    state = IncidentState.MITIGATED if mitigated else IncidentState.ACKNOWLEDGED
    return Handled(
        change=Change.ACKNOWLEDGED,
        incident=replace(incident, state=state, acknowledged_by=actor),
        events=(IncidentEvent(at=now, kind=Change.ACKNOWLEDGED.value, actor=actor, detail=""),),
    )


def resolve(incident: Incident, *, actor: str, reason: str, now: datetime) -> Handled:
    """End an incident by a person's word.

    Its breaches stay as they are: only data that passes heals them. The next run that finds one
    still broken reopens the incident.

    Args:
        incident: The incident to end.
        actor: Who says so.
        reason: Why, in words.
        now: UTC.

    Raises:
        NotOpen: it is over already.
        ReasonMissing: ``reason`` is blank.
    """
    if not incident.state.open:
        raise NotOpen(incident)
    why = reason.strip()
    if not why:
        raise ReasonMissing(incident)
    return Handled(
        change=Change.RESOLVED,
        incident=replace(incident, state=IncidentState.RESOLVED, resolved_at=now, reason=why),
        events=(IncidentEvent(at=now, kind=Change.RESOLVED.value, actor=actor, detail=why),),
    )
