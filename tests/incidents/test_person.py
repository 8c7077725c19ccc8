from dataclasses import replace
from datetime import UTC, datetime

import pytest

from incidents.errors import NotOpen, ReasonMissing
from incidents.model import Incident, IncidentKind, IncidentState
from incidents.person import acknowledge, resolve
from incidents.step import Change

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
OPEN = Incident(
    id=7,
    product="sales.orders",
    kind=IncidentKind.BREACH,
    state=IncidentState.TRIGGERED,
    title="1 promise broken",
    opened_at=NOON,
)
OVER = replace(OPEN, state=IncidentState.RESOLVED, resolved_at=NOON)


def test_acknowledging_names_who_takes_care():
    after = acknowledge(OPEN, actor="ana", now=NOON)

    assert after.incident.acknowledged_by == "ana"
    assert after.incident.state is IncidentState.ACKNOWLEDGED
    assert [(event.kind, event.actor) for event in after.events] == [("acknowledged", "ana")]


def test_acknowledging_twice_changes_nothing():
    once = acknowledge(OPEN, actor="ana", now=NOON)

    twice = acknowledge(once.incident, actor="ana", now=NOON)

    assert (twice.change, twice.incident, twice.events) == (Change.UNCHANGED, once.incident, ())


def test_what_is_mitigated_stays_so_when_somebody_takes_it_over():
    mitigated = replace(OPEN, state=IncidentState.MITIGATED, acknowledged_by="ana")

    after = acknowledge(mitigated, actor="ben", now=NOON).incident

    assert (after.state, after.acknowledged_by) == (IncidentState.MITIGATED, "ben")


def test_a_person_resolves_with_a_reason():
    after = resolve(OPEN, actor="ana", reason=" known gap ", now=NOON)

    assert (after.incident.state, after.incident.resolved_at) == (IncidentState.RESOLVED, NOON)
    assert after.incident.reason == "known gap"
    assert [(event.actor, event.detail) for event in after.events] == [("ana", "known gap")]


def test_a_reason_is_needed():
    with pytest.raises(ReasonMissing, match="incident 7") as caught:
        resolve(OPEN, actor="ana", reason=" \n", now=NOON)

    assert caught.value.incident == OPEN


def test_what_is_over_cannot_be_handled():
    with pytest.raises(NotOpen, match="is resolved") as caught:
        acknowledge(OVER, actor="ana", now=NOON)
    with pytest.raises(NotOpen):
        resolve(OVER, actor="ana", reason="x", now=NOON)

    assert caught.value.incident == OVER
