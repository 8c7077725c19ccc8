"""The gate, asked by a pipeline."""

import pytest

from checks.model import Outcome
from tests.api.guests import Guest, problem_of
from tests.usecases.world import World

GATE = "/api/v1/products/sales.orders/gate"


def test_a_product_that_keeps_its_promise_is_open(world: World, viewer: Guest):
    world.publish()
    world.pass_time()

    answer = viewer.get(GATE, params={"min_score": 90, "max_age": 3600}).json()

    assert (answer["verdict"], answer["reasons"], answer["low"]) == ("open", [], 100.0)
    assert answer["last_run"]["outcome"] == "passed"


def test_a_product_that_breaks_it_is_closed_with_the_reason(world: World, viewer: Guest):
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()

    answer = viewer.get(GATE).json()

    assert answer["verdict"] == "closed"
    assert [(each["code"], each["clause"].rpartition("/")[2]) for each in answer["reasons"]] == [
        ("clause-failing", "enum")
    ]


def test_a_product_that_was_never_judged_is_unsure(world: World, viewer: Guest):
    world.publish()

    answer = viewer.get(GATE).json()

    assert answer["verdict"] == "unsure"
    assert answer["last_run"] is None


@pytest.mark.parametrize("query", [{"min_score": 101}, {"max_age": 0}, {"min_score": "much"}])
def test_terms_that_make_no_sense_are_refused(world: World, viewer: Guest, query):
    world.publish()

    assert problem_of(viewer.get(GATE, params=query))[0] == 422


def test_only_those_with_a_token_are_told(nobody: Guest, viewer: Guest):
    assert problem_of(nobody.get(GATE)) == (401, "unauthenticated")
    assert problem_of(viewer.get(GATE)) == (404, "not-found")


def test_a_product_that_nobody_judges_any_more_is_not_open_for_ever(
    world: World, viewer: Guest, owner: Guest
):
    world.publish()
    world.pass_time()
    owner.patch("/api/v1/contracts/orders/schedule", json={"paused": True, "reason": "moving"})
    fresh = viewer.get(GATE).json()
    world.clock.pass_(seconds=40)

    stale = viewer.get(GATE).json()
    patient = viewer.get(GATE, params={"max_age": 3600}).json()

    assert (fresh["verdict"], stale["verdict"], patient["verdict"]) == ("open", "unsure", "open")
    assert stale["assurance"] == 0.0
    assert {reason["code"] for reason in stale["reasons"]} == {"clause-too-old"}
