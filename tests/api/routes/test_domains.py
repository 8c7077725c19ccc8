import pytest

from checks.model import Outcome
from tests.api.guests import Guest, problem_of
from tests.cast import ORDERS
from tests.usecases.world import World

DOMAINS = "/api/v1/domains"


@pytest.fixture
def two(world: World) -> World:
    """Two products of sales, one of which fails, and one of a domain with a slash."""
    for name, domain in (("a", "sales"), ("b", "sales"), ("c", "Ops / EU")):
        text = ORDERS.replace("id: orders\n", f"id: {name}\n", 1)
        text = text.replace("domain: sales", f"domain: {domain}")
        text = text.replace("dataProduct: orders", f"dataProduct: {name}")
        world.publish(text.replace("id: some-rows", f"id: rows-of-{name}"))
    world.judge.said = {"rows-of-b": Outcome.FAILED}
    world.pass_time()
    return world


def test_domains_are_listed_with_their_lowest_and_no_average(two: World, viewer: Guest):
    found = viewer.get(DOMAINS).json()

    low = viewer.get("/api/v1/products/sales.b").json()["score"]["quality"]
    assert found == {
        "items": [
            {
                "name": "Ops / EU",
                "products": 1,
                "at_target": 1,
                "failing": 0,
                "lowest": {"product": "ops-eu.c", "score": 100.0},
                "open_incidents": 0,
            },
            {
                "name": "sales",
                "products": 2,
                "at_target": 1,
                "failing": 1,
                "lowest": {"product": "sales.b", "score": low},
                "open_incidents": 1,
            },
        ],
        "next": None,
    }


def test_a_domain_leads_to_its_products_what_needs_somebody_first(two: World, viewer: Guest):
    first = viewer.get(f"{DOMAINS}/sales", params={"limit": 1}).json()
    cursor = first["listing"]["next"]
    second = viewer.get(f"{DOMAINS}/sales", params={"limit": 1, "after": cursor}).json()

    assert (first["products"], first["listing"]["total"]) == (2, 2)
    assert [row["key"] for row in first["listing"]["items"]] == ["sales.b"]
    assert [row["key"] for row in second["listing"]["items"]] == ["sales.a"]


def test_a_domain_may_have_any_name(two: World, viewer: Guest):
    assert viewer.get(f"{DOMAINS}/Ops%20%2F%20EU").json()["products"] == 1


def test_an_unknown_domain_is_not_found(viewer: Guest):
    answer = viewer.get(f"{DOMAINS}/finance")

    assert problem_of(answer) == (404, "not-found")
    assert answer.json()["detail"] == "there is no domain 'finance'"


def test_a_cursor_of_another_list_is_refused(two: World, viewer: Guest):
    answer = viewer.get(f"{DOMAINS}/sales", params={"after": "key:0:1.0:a"})

    assert problem_of(answer) == (422, "invalid-input")


def test_domains_ask_for_a_token(nobody: Guest):
    assert problem_of(nobody.get(DOMAINS)) == (401, "unauthenticated")
