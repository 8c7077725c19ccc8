import pytest

from checks.model import Outcome
from tests.api.guests import Guest, problem_of
from tests.usecases.world import World

RUNS = "/api/v1/runs"


def test_runs_are_listed_newest_first_and_page_by_page(world: World, viewer: Guest):
    world.publish()
    for _ in range(3):
        world.pass_time()

    first = viewer.get(RUNS, params={"limit": 2, "product": "sales.orders"}).json()
    second = viewer.get(RUNS, params={"limit": 2, "after": first["next"]}).json()

    assert [row["id"] for row in first["items"]] == [3, 2]
    assert [row["id"] for row in second["items"]] == [1]
    assert viewer.get(RUNS, params={"product": "nope"}).json()["items"] == []


def test_a_run_says_how_it_ended(world: World, viewer: Guest):
    world.judge.said = {"enum": Outcome.ERRORED}
    world.publish()
    world.pass_time()

    run = viewer.get(f"{RUNS}/1").json()

    assert (run["state"], run["outcome"]) == ("errored", "errored")
    assert run["error"] == "the disk is gone"
    assert run["counts"]["errored"] == 1
    assert run["contract"] == {"id": "orders", "version": "1.0.0"}


def test_results_come_in_the_shape_of_a_check(world: World, owner: Guest, viewer: Guest):
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()

    seen = owner.get(f"{RUNS}/1/results").json()
    blind = viewer.get(f"{RUNS}/1/results").json()

    failed = next(row for row in seen["results"] if row["outcome"] == "failed")
    assert set(failed) == {
        *("clause", "pointer", "kind", "schema", "column", "engine", "outcome", "severity"),
        *("blocking", "dimension", "measured", "unit", "threshold", "rows", "failed_rows"),
        *("description", "reason", "evidence"),
    }
    assert failed["evidence"]["rows"][0] == [7, "gone"]
    assert seen["evidence_shown"]
    assert not blind["evidence_shown"]
    assert {row["evidence"] for row in blind["results"]} == {None}


@pytest.mark.parametrize("path", ["/77", "/77/results"])
def test_an_unknown_run_is_not_found(viewer: Guest, path: str):
    assert problem_of(viewer.get(f"{RUNS}{path}")) == (404, "not-found")


@pytest.mark.parametrize("path", ["/x", "/0", f"/{2**63}", "?after=0", "?limit=201"])
def test_nonsense_is_told_where_it_stands(viewer: Guest, path: str):
    answer = viewer.get(f"{RUNS}{path}")

    assert problem_of(answer) == (422, "invalid-request")
    assert answer.json()["errors"][0]["pointer"].startswith(("/path/", "/query/"))


def test_runs_are_filtered_by_all_that_is_asked_of_them(world: World, viewer: Guest):
    world.publish()
    world.pass_time()
    world.judge.said = {"enum": Outcome.FAILED}
    world.pass_time()
    world.judge.said = {"enum": Outcome.ERRORED}
    world.pass_time()

    def listed(**wanted: str) -> list[int]:
        return [row["id"] for row in viewer.get(RUNS, params=wanted).json()["items"]]

    assert listed(outcome="failed") == [2]
    assert listed(outcome="passed") == [1]
    assert listed(state="errored") == [3]
    assert listed(state="done") == [2, 1]
    assert listed(state="done", outcome="failed", product="sales.orders") == [2]
    assert listed(state="done", after="2") == [1]
    assert listed(trigger="schedule") == [3, 2, 1]
    assert listed(trigger="api") == listed(product="other") == []
