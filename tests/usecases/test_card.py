from dataclasses import replace

import pytest

from access.errors import Forbidden
from checks.model import Outcome
from runs.model import RunState
from scorecards.line import Unjudged
from tests.api.guests import SAMPLE, Sampler
from tests.cast import ADMIN, OWNER, STRANGER, VIEWER
from tests.usecases.world import World
from usecases.card import card, glance, summary, without_evidence
from usecases.errors import NotFound
from usecases.request_run import request_run

KEY = "sales.orders"


def judged(world: World, **said: Outcome) -> None:
    world.judge.said = {key.replace("_", "-"): outcome for key, outcome in said.items()}
    world.publish()
    assert world.pass_time() == [True]


def test_a_card_gathers_all_about_a_product(world: World):
    judged(world, enum=Outcome.FAILED)

    found = card(world.store, KEY, by=VIEWER, clock=world.clock)

    assert (found.product.key, found.now) == (KEY, world.clock())
    assert [port.version.contract_id for port in found.ports] == ["orders"]
    assert [row.quality for row in found.history] == [found.score.quality]
    assert [row.state.open for row in found.incidents] == [True]
    assert [row.state for row in found.runs] == [RunState.DONE]
    assert found.score.failing == 1


def test_open_incidents_stand_before_newer_ones_that_are_over(world: World):
    judged(world)
    world.judge.outcome = Outcome.ERRORED
    for _ in range(3):
        world.pass_time()
    world.judge.outcome = Outcome.PASSED
    world.judge.said = {"enum": Outcome.FAILED}
    world.pass_time()

    found = card(world.store, KEY, by=VIEWER, clock=world.clock)

    assert [row.state.open for row in found.incidents] == [True, False]


@pytest.mark.parametrize(("who", "shown"), [(OWNER, True), (VIEWER, False), (STRANGER, False)])
def test_evidence_is_for_owners_of_the_domain(world: World, who, shown):
    world.judge = Sampler(world.clock)
    judged(world, enum=Outcome.FAILED)

    found = card(world.store, KEY, by=who, clock=world.clock)

    samples = {line.result.finding.evidence for line in found.lines} - {None}
    assert found.evidence_shown is shown
    assert samples == ({SAMPLE} if shown else set())


def test_a_line_without_evidence_keeps_the_rest(world: World):
    world.judge = Sampler(world.clock)
    judged(world, enum=Outcome.FAILED)
    lines = card(world.store, KEY, by=ADMIN, clock=world.clock).lines
    line = next(line for line in lines if line.result.finding.evidence)

    bare = without_evidence(line)

    finding = replace(bare.result.finding, evidence=SAMPLE)
    assert bare.result.finding.evidence is None
    assert replace(bare, result=replace(bare.result, finding=finding)) == line


def test_what_nobody_could_judge_is_on_card_list_and_glance(world: World):
    judged(world)
    world.judge.said = {"enum": Outcome.ERRORED}
    world.pass_time()
    request_run(world.store, KEY, by=ADMIN, clock=world.clock)

    row = summary(world.store, KEY, by=VIEWER, clock=world.clock)

    told = Unjudged(errored=1, blocking=1)
    assert row.last_run is not None
    assert row.last_run.state is RunState.QUEUED
    assert row.unjudged == told
    assert card(world.store, KEY, by=VIEWER, clock=world.clock).unjudged == told
    assert glance(world.store, KEY, clock=world.clock).unjudged == told


def test_a_glance_shows_the_score_of_the_card(world: World):
    judged(world, enum=Outcome.FAILED)

    seen = glance(world.store, KEY, clock=world.clock)

    assert seen.score == card(world.store, KEY, by=VIEWER, clock=world.clock).score
    assert not seen.unjudged.serious


def test_history_ends_after_ninety_days(world: World):
    judged(world)
    world.clock.pass_(days=91)

    assert card(world.store, KEY, by=VIEWER, clock=world.clock).history == ()


def test_an_unknown_product_is_not_found(world: World):
    with pytest.raises(NotFound, match="product"):
        card(world.store, "no.such", by=VIEWER, clock=world.clock)
    with pytest.raises(NotFound, match="product"):
        glance(world.store, "no.such", clock=world.clock)


def test_a_port_without_a_current_version_is_not_found(world: World, monkeypatch):
    judged(world)
    monkeypatch.setattr("store.contracts.SqlContracts.current", lambda *_: None)

    with pytest.raises(NotFound, match="contract"):
        card(world.store, KEY, by=VIEWER, clock=world.clock)


def test_the_use_case_asks_for_permission(world: World, monkeypatch):
    monkeypatch.setattr("access.model._MAY", dict.fromkeys(type(VIEWER.role), frozenset()))

    with pytest.raises(Forbidden):
        card(world.store, KEY, by=VIEWER, clock=world.clock)
    with pytest.raises(Forbidden):
        summary(world.store, KEY, by=VIEWER, clock=world.clock)
