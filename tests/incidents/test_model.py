from incidents.model import BreachState, IncidentState


def test_a_breach_is_over_when_resolved_or_superseded():
    assert {state for state in BreachState if not state.open} == {
        BreachState.RESOLVED,
        BreachState.SUPERSEDED,
    }


def test_an_incident_is_over_when_resolved_or_closed():
    assert {state for state in IncidentState if not state.open} == {
        IncidentState.RESOLVED,
        IncidentState.CLOSED,
    }
