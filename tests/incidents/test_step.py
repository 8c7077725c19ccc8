from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.values import Severity
from incidents.breaches import BreachSteps
from incidents.model import Breach, BreachState, Incident, IncidentKind, IncidentState
from incidents.step import (
    Change,
    IncidentStep,
    is_out,
    retitled,
    step_incident,
    step_outage,
    title_of,
)
from runs.model import RunState

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN = Incident(
    id=7,
    product="sales.orders",
    kind=IncidentKind.BREACH,
    state=IncidentState.ACKNOWLEDGED,
    title="1 promise broken",
    opened_at=NOON - DAY,
    acknowledged_by="ana",
)
RESOLVED = replace(OPEN, state=IncidentState.RESOLVED, resolved_at=NOON - DAY)
DONE, ERRORED, LOST = RunState.DONE, RunState.ERRORED, RunState.LOST


def breach(key: str, severity: Severity = Severity.HIGH) -> Breach:
    return Breach(
        fingerprint=key,
        clause_key=key,
        segment="",
        severity=severity,
        state=BreachState.FIRING,
        opened_at=NOON,
    )


def step(
    current: Incident | None = None,
    latest: Incident | None = None,
    *,
    steps: BreachSteps = BreachSteps(),  # noqa: B008 - a frozen value
    blocking: int = 0,
    now: datetime = NOON,
) -> IncidentStep:
    return step_incident(
        current, latest, product="sales.orders", steps=steps, blocking=blocking, now=now
    )


def outage(
    current: Incident | None = None, latest: Incident | None = None, *, out: bool
) -> IncidentStep:
    return step_outage(
        current, latest, product="sales.orders", out=out, detail="no such file", now=NOON
    )


def test_a_blocking_breach_opens_an_incident():
    after = step(steps=BreachSteps(opened=(breach("/a", Severity.CRITICAL),)), blocking=1)

    assert after.change is Change.OPENED
    assert after.incident == Incident(
        product="sales.orders",
        kind=IncidentKind.BREACH,
        state=IncidentState.TRIGGERED,
        title="1 promise broken (1 critical)",
        opened_at=NOON,
    )
    [event] = after.events
    assert (event.at, event.kind, event.actor, event.detail) == (NOON, "opened", "assay", "/a")


def test_two_hundred_failures_open_one_incident():
    many = tuple(breach(f"/{n}") for n in range(200))

    after = step(steps=BreachSteps(opened=many), blocking=200)

    assert after.incident is not None
    assert after.incident.title == "200 promises broken"
    assert after.events[0].detail == "/0, /1, /2 and 197 more"


def test_the_timeline_names_the_gravest_first():
    broken = (breach("/low", Severity.LOW), breach("/critical", Severity.CRITICAL))

    after = step(OPEN, steps=BreachSteps(opened=broken), blocking=1)

    assert after.events[0].detail == "/critical, /low"


def test_a_breach_that_does_not_block_opens_nothing():
    after = step(steps=BreachSteps(opened=(breach("/a", Severity.LOW),)))

    assert after == IncidentStep(change=Change.UNCHANGED, incident=None)


def test_a_run_that_tells_nothing_new_opens_nothing_for_another_contract():
    assert step(blocking=3).incident is None


def test_a_later_breach_joins():
    after = step(OPEN, steps=BreachSteps(opened=(breach("/b"),)), blocking=2)

    assert (after.change, after.incident) == (Change.JOINED, OPEN)
    assert [event.kind for event in after.events] == ["joined"]


def test_more_of_the_same_changes_nothing():
    after = step(OPEN, steps=BreachSteps(still=(breach("/a"),)), blocking=1)

    assert after == IncidentStep(change=Change.UNCHANGED, incident=OPEN)


def test_it_is_resolved_when_nothing_that_blocks_is_open():
    after = step(OPEN, steps=BreachSteps(resolved=(breach("/a"),)))

    assert after.incident is not None
    assert after.change is Change.RESOLVED
    assert (after.incident.state, after.incident.resolved_at) == (IncidentState.RESOLVED, NOON)
    assert after.incident.reason == "every blocking promise is kept again"


def test_a_promise_that_is_withdrawn_is_not_called_kept():
    after = step(OPEN, steps=BreachSteps(superseded=(breach("/a"),)))

    assert after.incident is not None
    assert after.incident.reason == "the promises are no longer made"


def test_a_run_that_could_not_tell_reopens_nothing():
    after = step(None, RESOLVED, steps=BreachSteps(unknown=(breach("/a"),)), blocking=1)

    assert after.change is Change.UNCHANGED


def test_it_stays_open_while_another_port_is_broken():
    after = step(OPEN, steps=BreachSteps(resolved=(breach("/a"),)), blocking=1)

    assert after.change is Change.UNCHANGED


def test_within_a_day_the_same_incident_reopens():
    after = step(None, RESOLVED, steps=BreachSteps(opened=(breach("/a"),)), blocking=1)

    assert after.change is Change.REOPENED
    assert after.incident == replace(
        OPEN, state=IncidentState.TRIGGERED, acknowledged_by=None, title="1 promise broken"
    )


def test_after_a_day_a_new_incident_opens():
    old = replace(RESOLVED, resolved_at=NOON - DAY - timedelta(seconds=1))

    after = step(None, old, steps=BreachSteps(opened=(breach("/a"),)), blocking=1)

    assert after.incident is not None
    assert (after.change, after.incident.id) == (Change.OPENED, 0)


def test_one_that_a_person_resolved_reopens_while_the_data_stays_broken():
    after = step(None, RESOLVED, steps=BreachSteps(still=(breach("/a"),)), blocking=1)

    assert after.change is Change.REOPENED


@pytest.mark.parametrize(
    "states", [(ERRORED, ERRORED, ERRORED), (LOST, DONE, DONE), (ERRORED, LOST, DONE)]
)
def test_three_errored_runs_or_a_lost_one_are_an_outage(states: tuple[RunState, ...]):
    assert is_out(states)


@pytest.mark.parametrize("states", [(), (DONE, LOST, LOST), (ERRORED, ERRORED, DONE)])
def test_fewer_errored_runs_or_a_verdict_are_none(states: tuple[RunState, ...]):
    assert not is_out(states)


def test_an_outage_opens_reopens_and_resolves():
    resolved = replace(RESOLVED, kind=IncidentKind.OUTAGE)

    opened, again = outage(out=True), outage(None, resolved, out=True)
    over = outage(replace(OPEN, kind=IncidentKind.OUTAGE), out=False)

    assert [one.change for one in (opened, again, over)] == [
        Change.OPENED,
        Change.REOPENED,
        Change.RESOLVED,
    ]
    assert opened.incident is not None
    assert (opened.incident.kind, opened.incident.title) == (
        IncidentKind.OUTAGE,
        "cannot be judged",
    )
    assert opened.events[0].detail == "no such file"


def test_an_outage_that_goes_on_and_a_peace_that_goes_on_change_nothing():
    assert outage(OPEN, out=True) == IncidentStep(change=Change.UNCHANGED, incident=OPEN)
    assert outage(out=False) == IncidentStep(change=Change.UNCHANGED, incident=None)


def test_the_owner_hears_of_beginnings_and_ends():
    assert {change for change in Change if change.told} == {
        Change.OPENED,
        Change.REOPENED,
        Change.RESOLVED,
    }


def test_a_title_counts():
    assert title_of([breach("/a"), breach("/b", Severity.CRITICAL)]) == (
        "2 promises broken (1 critical)"
    )


def test_a_title_follows_when_more_promises_join():
    gone = replace(breach("/gone"), state=BreachState.RESOLVED)
    joined = step(OPEN, steps=BreachSteps(opened=(breach("/b", Severity.CRITICAL),)), blocking=2)

    after = retitled(
        joined,
        [gone, breach("/a"), breach("/mild", Severity.LOW), breach("/b", Severity.CRITICAL)],
    )

    title = "2 promises broken (1 critical)"
    assert after == replace(joined, incident=replace(OPEN, title=title))


def test_a_title_counts_a_promise_once_by_its_newest_severity():
    joined = step(OPEN, steps=BreachSteps(opened=(breach("/b"),)), blocking=2)

    after = retitled(joined, [breach("/a"), breach("/a", Severity.CRITICAL), breach("/b")])

    assert after.incident is not None
    assert after.incident.title == "2 promises broken (1 critical)"


def test_a_title_stays_where_nothing_joins_or_nothing_that_blocks_is_known():
    still = step(OPEN, steps=BreachSteps(still=(breach("/a"),)), blocking=1)
    joined = step(OPEN, steps=BreachSteps(opened=(breach("/b", Severity.LOW),)), blocking=1)

    assert retitled(still, [breach("/a"), breach("/b")]) == still
    assert retitled(joined, [breach("/b", Severity.LOW)]) == joined
