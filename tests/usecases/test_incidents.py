"""From a broken promise to the owner's mail and back, on a real store."""

import pytest

from access.errors import Forbidden
from checks.model import Outcome
from incidents.errors import IncidentError
from incidents.model import BreachState, Incident, IncidentKind, IncidentState
from tests.cast import ADMIN, ORDERS, OWNER, STRANGER, VIEWER
from tests.usecases.world import URL, World
from usecases.errors import NotFound
from usecases.incidents import acknowledge, incident_detail, list_incidents, resolve

BROKEN = {"/id/required": Outcome.FAILED, "/status/enum": Outcome.FAILED}


def incidents(world: World, *, only_open: bool = False) -> tuple[Incident, ...]:
    return list_incidents(world.store, by=VIEWER, only_open=only_open)


def break_(world: World, text: str = ORDERS) -> int:
    world.publish(text)
    world.judge.said = dict(BROKEN)
    world.pass_time()
    return incidents(world)[0].id


def test_one_run_with_many_failures_is_one_incident_and_one_message(world: World):
    incident_id = break_(world)

    detail = incident_detail(world.store, incident_id, by=VIEWER)

    assert detail.incident.title == "2 promises broken"
    assert {breach.clause_key.rsplit("/", 1)[1] for breach in detail.breaches} == {
        "required",
        "enum",
    }
    assert [(notice.target, notice.key) for notice in world.posted] == [
        ("desk@example.org", f"incident:{incident_id}:opened:1")
    ]


def test_the_message_says_what_since_when_how_many_and_where(world: World):
    incident_id = break_(world)

    message = world.posted[0].message

    assert message.subject == "[Assay] sales.orders: 2 promises broken"
    for words in ("never null", "3 of 9", "20 Nov 2026", f"{URL}/incidents/{incident_id}"):
        assert words in message.text
        assert words in message.rich


def test_failing_on_tells_nobody_twice(world: World):
    break_(world)

    world.pass_time()
    world.pass_time()

    assert len(world.posted) == 1
    assert len(incidents(world)) == 1


def test_a_later_breach_joins_the_open_incident(world: World):
    incident_id = break_(world)
    world.judge.said["/id/unique"] = Outcome.FAILED

    world.pass_time()

    assert len(incidents(world)) == 1
    assert len(incident_detail(world.store, incident_id, by=VIEWER).breaches) == 3


def test_a_later_pass_resolves_and_tells_once(world: World):
    incident_id = break_(world)
    world.judge.said = {}

    world.pass_time()
    world.pass_time()

    detail = incident_detail(world.store, incident_id, by=VIEWER)
    assert detail.incident.state is IncidentState.RESOLVED
    assert {breach.state for breach in detail.breaches} == {BreachState.RESOLVED}
    assert [notice.message.subject for notice in world.posted][1:] == [
        "[Assay] sales.orders: recovered after 10 s"
    ]


def test_a_run_that_errs_neither_opens_nor_resolves_a_breach(world: World):
    incident_id = break_(world)
    world.judge.said, world.judge.outcome = {}, Outcome.ERRORED

    world.pass_time()

    assert incident_detail(world.store, incident_id, by=VIEWER).incident.state.open


def test_three_errored_runs_in_a_row_are_an_outage_that_a_verdict_ends(world: World):
    world.publish()
    world.judge.outcome = Outcome.ERRORED
    for _ in range(2):
        world.pass_time()
    before = incidents(world)

    world.pass_time()
    (outage,) = incidents(world)
    world.judge.outcome = Outcome.PASSED
    world.pass_time()

    assert before == ()
    assert outage.kind is IncidentKind.OUTAGE
    assert incidents(world, only_open=True) == ()
    subjects = [notice.message.subject for notice in world.posted]
    assert "cannot be judged" in subjects[0]
    assert "judged again" in subjects[1]


def test_failing_again_soon_after_reopens_the_same_incident(world: World):
    incident_id = break_(world)
    world.judge.said = {}
    world.pass_time()
    world.judge.said = dict(BROKEN)

    world.pass_time()

    (incident,) = incidents(world)
    assert (incident.id, incident.state) == (incident_id, IncidentState.TRIGGERED)
    assert "again" in world.posted[-1].message.subject


def test_what_does_not_block_is_a_breach_but_no_incident(world: World):
    world.publish(ORDERS.replace("        mustBe", "        severity: low\n        mustBe"))
    world.judge.said = {"/some-rows": Outcome.FAILED}

    world.pass_time()

    assert incidents(world) == ()
    with world.store.read() as shelf:
        assert len(shelf.incidents.open_breaches("orders")) == 1


def test_a_version_that_drops_the_broken_promises_ends_the_incident(world: World):
    incident_id = break_(world)
    world.judge.said = {}
    lighter = ORDERS.replace("version: 1.0.0", "version: 2.0.0").replace(
        "        required: true\n", ""
    )
    world.publish(lighter.replace("        enum: [{value: open}, {value: done}]\n", ""))

    world.pass_time()

    detail = incident_detail(world.store, incident_id, by=VIEWER)
    assert detail.incident.state is IncidentState.RESOLVED
    assert {breach.state for breach in detail.breaches} == {BreachState.SUPERSEDED}


def test_nobody_to_tell_is_written_down(world: World):
    world.publish(
        ORDERS.replace("olga@example.org", "olga").replace("mailto:desk@example.org", "slack:desk")
    )
    world.judge.said = dict(BROKEN)

    world.pass_time()

    detail = incident_detail(world.store, incidents(world)[0].id, by=VIEWER)
    assert detail.events[-1].kind == "untold"
    assert detail.notices == ()


def test_an_owner_acknowledges(world: World):
    incident_id = break_(world)

    taken = acknowledge(world.store, incident_id, by=OWNER, clock=world.clock)

    assert (taken.state, taken.acknowledged_by) == (IncidentState.ACKNOWLEDGED, "olga")
    with world.store.read() as shelf:
        assert shelf.audit.all()[-1][0].subject == f"incident/{incident_id}"


def test_an_owner_resolves_with_a_reason_only(world: World):
    incident_id = break_(world)

    with pytest.raises(IncidentError, match="say why"):
        resolve(world.store, incident_id, reason=" ", by=OWNER, clock=world.clock)
    ended = resolve(world.store, incident_id, reason="a drill", by=OWNER, clock=world.clock)

    assert (ended.state, ended.reason) == (IncidentState.RESOLVED, "a drill")
    with pytest.raises(IncidentError):
        acknowledge(world.store, incident_id, by=OWNER, clock=world.clock)


def test_resolving_by_hand_does_not_hide_that_the_data_is_still_bad(world: World):
    incident_id = break_(world)
    resolve(world.store, incident_id, reason="I hope", by=OWNER, clock=world.clock)

    world.pass_time()

    assert incidents(world, only_open=True)[0].id == incident_id


def test_only_the_owner_of_the_domain_handles_its_incidents(world: World):
    incident_id = break_(world)

    for stranger in (VIEWER, STRANGER):
        with pytest.raises(Forbidden):
            acknowledge(world.store, incident_id, by=stranger, clock=world.clock)
        with pytest.raises(Forbidden):
            resolve(world.store, incident_id, reason="x", by=stranger, clock=world.clock)
    with pytest.raises(NotFound, match="no incident '99'"):
        incident_detail(world.store, 99, by=ADMIN)


def test_a_breach_is_told_as_it_is_promised_and_stands_now(world: World):
    incident_id = break_(world)

    detail = incident_detail(world.store, incident_id, by=OWNER)
    lines = {detail.lines[one.fingerprint].result.clause.key: one for one in detail.breaches}

    assert all(key == breach.clause_key for key, breach in lines.items())
    first = detail.lines[detail.breaches[0].fingerprint]
    assert (first.result.finding.failed_rows, first.result.finding.rows) == (3, 9)
    assert first.result.finding.evidence is None


def test_a_breach_is_told_by_its_own_contract_though_another_says_the_same(world: World):
    world.publish(ORDERS.replace("id: orders\n", "id: early\n", 1).replace("done", "closed"))
    world.publish(ORDERS.replace("every 10s", "every 90s"))
    world.judge.said = {"/status/enum": Outcome.FAILED}
    world.pass_time(80)
    world.pass_time(80)

    detail = incident_detail(world.store, incidents(world)[0].id, by=VIEWER)

    told = [detail.lines[breach.fingerprint].result.clause.threshold for breach in detail.breaches]
    assert sorted(told) == ["one of open, closed", "one of open, done"]


def test_what_is_promised_no_more_has_no_line_and_a_major_version_keeps_it(world: World):
    incident_id = break_(world)
    text = ORDERS.replace("version: 1.0.0", "version: 2.0.0").replace("required: true", "")

    world.publish(text)
    detail = incident_detail(world.store, incident_id, by=VIEWER)

    assert [line.result.clause.key[-12:] for line in detail.lines.values()] == ["/status/enum"]


def _failures(world: World, incident_id: int) -> dict[str, tuple[int, str]]:
    detail = incident_detail(world.store, incident_id, by=OWNER)
    return {
        answer.result.clause.key.rsplit("/", 1)[1]: (answer.run_id, answer.result.finding.reason)
        for breach in detail.breaches
        for answer in [detail.failures[breach.fingerprint, breach.opened_at]]
    }


def test_a_breach_is_told_with_how_it_failed_last_while_it_was_broken(world: World):
    incident_id = break_(world)
    world.pass_time()
    world.judge.said = {}
    world.pass_time()
    world.pass_time()

    assert _failures(world, incident_id) == {
        "required": (2, "3 of 9 rows are wrong"),
        "enum": (2, "3 of 9 rows are wrong"),
    }


def test_how_it_failed_is_told_of_what_is_promised_no_more_and_never_with_rows(world: World):
    incident_id = break_(world)
    world.publish(ORDERS.replace("version: 1.0.0", "version: 2.0.0").replace("required: true", ""))

    detail = incident_detail(world.store, incident_id, by=OWNER)

    assert set(_failures(world, incident_id)) == {"required", "enum"}
    assert {one.result.finding.evidence for one in detail.failures.values()} == {None}


def test_each_life_of_a_breach_has_its_own_failure(world: World):
    incident_id = break_(world)
    world.judge.said = {}
    world.pass_time()
    world.judge.said = {"/status/enum": Outcome.FAILED}
    world.pass_time()

    detail = incident_detail(world.store, incident_id, by=OWNER)

    runs = {
        (breach.clause_key.rsplit("/", 1)[1], breach.state.open): detail.failures[
            breach.fingerprint, breach.opened_at
        ].run_id
        for breach in detail.breaches
    }
    assert runs == {("required", False): 1, ("enum", False): 1, ("enum", True): 3}


def _unjudged(world: World, incident_id: int) -> list[tuple[int, str, Outcome, str]]:
    return [
        (
            one.run_id,
            one.result.clause.key.rsplit("/", 1)[1],
            one.result.outcome,
            one.result.finding.reason,
        )
        for one in incident_detail(world.store, incident_id, by=VIEWER).unjudged
    ]


def test_what_could_not_be_judged_is_told_apart_from_what_failed(world: World):
    world.judge.said["/id/unique"] = Outcome.ERRORED
    world.publish()
    world.judge.said |= BROKEN
    world.pass_time()

    told = _unjudged(world, incidents(world)[0].id)

    assert [(run, key, outcome) for run, key, outcome, _ in told] == [
        (1, "unique", Outcome.ERRORED),
        (1, "promise", Outcome.SKIPPED),
    ]
    assert told[0][3] == "the disk is gone"


def test_what_could_not_be_judged_is_that_of_the_newest_run_while_it_was_open(world: World):
    incident_id = break_(world)
    world.judge.said["/id/unique"] = Outcome.ERRORED
    world.pass_time()
    during = _unjudged(world, incident_id)
    world.judge.said = {"/some-rows": Outcome.ERRORED}
    world.pass_time()  # resolves it
    world.pass_time()

    after = _unjudged(world, incident_id)

    assert [(run, key) for run, key, *_ in during] == [(2, "unique"), (2, "promise")]
    assert after == during
