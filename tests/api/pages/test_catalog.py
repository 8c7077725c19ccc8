import re

import pytest

from checks.model import Outcome
from tests.api.guests import Guest
from tests.cast import ADMIN, ORDERS
from tests.usecases.world import World
from usecases.request_run import request_run


def other(name: str, **changes: str) -> str:
    text = ORDERS.replace("id: orders", f"id: {name}", 1).replace(
        "Product: orders", f"Product: {name}"
    )
    for old, new in changes.items():
        text = text.replace(old.replace("_", " "), new)
    return text


def judged(world: World, product: str, **said: Outcome) -> None:
    world.judge.said = said
    request_run(world.store, product, by=ADMIN, clock=world.clock)
    assert world.drain() == [True]


@pytest.fixture
def _three(world: World) -> None:
    """A product that fails, one that keeps its promises, one that was never judged."""
    world.publish()
    judged(world, "sales.orders")
    world.publish(other("bad", Order_desk="Other desk"))
    judged(world, "sales.bad", enum=Outcome.FAILED)
    world.publish(other("new"))


def listed(page: str) -> list[str]:
    return re.findall(r'<th role="rowheader" scope="row"><a href="/products/([^"]+)">', page)


def test_an_empty_service_says_what_to_do_next(viewer: Guest):
    page = viewer.get("/").text

    assert "No product yet" in page
    assert "assay publish" in page


@pytest.mark.usefixtures("_three")
def test_what_needs_attention_stands_first_and_is_counted(viewer: Guest):
    page = viewer.get("/").text

    assert listed(page)[0] == "sales.bad"
    assert set(listed(page)) == {"sales.bad", "sales.new", "sales.orders"}
    assert "2 of 3</b> need attention" in page
    assert "keeps its promises" in page
    assert "not measured yet" in page


@pytest.mark.usefixtures("_three")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=other+DESK", ["sales.bad"]),
        ("?owner=Other+desk", ["sales.bad"]),
        ("?domain=sales&state=failing", ["sales.bad"]),
        ("?state=never_run", ["sales.new"]),
        ("?below=99", ["sales.bad"]),
        ("?order=key&q=status", ["sales.bad", "sales.new", "sales.orders"]),
        ("?state=nonsense&below=many&q=bad", ["sales.bad"]),
        ("?q=nothing", []),
    ],
)
def test_products_are_found_by_words_state_owner_and_score(
    viewer: Guest, query: str, found: list[str]
):
    page = viewer.get(f"/{query}").text

    assert listed(page) == found
    assert ("No product fits" in page) == (not found)


@pytest.mark.usefixtures("_three")
def test_products_beyond_a_page_are_a_link_away(viewer: Guest, monkeypatch):
    monkeypatch.setattr("api.pages.catalog.MOST", 2)

    first = viewer.get("/?order=key").text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = viewer.get(following[1].replace("&amp;", "&")).text

    assert listed(first) + listed(second) == ["sales.bad", "sales.new", "sales.orders"]
    assert 'href="/?order=key">First page' in second


def test_a_cursor_that_is_none_is_refused(viewer: Guest):
    answer = viewer.get("/?after=nonsense")

    assert answer.status_code == 422
    assert "is no cursor of this list" in answer.text


@pytest.mark.usefixtures("_three")
def test_a_domain_shows_its_products_and_no_average(viewer: Guest):
    page = viewer.get("/domains/sales").text

    assert listed(page)[0] == "sales.bad"
    assert re.search(r"<dt>At target</dt><dd>2 <small>of 3</small>", page)
    assert re.search(r"<dt>Open incidents</dt><dd>1</dd>", page)
    assert re.search(
        r'<dt>Lowest score</dt><dd>[\d.]+ <small[^>]*><a href="/products/sales.bad">', page
    )


def test_a_domain_that_is_not_there_is_a_page(viewer: Guest):
    assert viewer.get("/domains/none").status_code == 404


def test_a_domain_whose_name_holds_a_slash_has_a_page(world: World, viewer: Guest):
    world.publish(ORDERS.replace("domain: sales", "domain: sales/emea"))
    link = re.search(r'href="(/domains/[^"]+)"', viewer.get("/").text)
    assert link

    page = viewer.get(link[1])

    assert page.status_code == 200
    assert listed(page.text) == ["sales-emea.orders"]
