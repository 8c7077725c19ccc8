from collections.abc import Hashable
from typing import Any

import pytest

from access.errors import Forbidden
from checks.model import Outcome
from scorecards.catalog import DomainStanding, Lowest, Order, Place, State, Wanted
from store.sql_store import SqlStore
from tests.cast import ORDERS, VIEWER
from tests.usecases.world import World
from usecases.card import card, summary
from usecases.catalog import Page, catalog
from usecases.domains import domain_detail, list_domains
from usecases.errors import NotFound

BY_KEY = Wanted(order=Order.KEY)


@pytest.fixture
def three(world: World) -> World:
    """Three products of sales, the last of which fails."""
    for name in ("a", "b", "c"):
        text = ORDERS.replace("id: orders\n", f"id: {name}\n", 1)
        text = text.replace("dataProduct: orders", f"dataProduct: {name}")
        world.publish(text.replace("id: some-rows", f"id: rows-of-{name}"))
    world.judge.said = {"rows-of-c": Outcome.FAILED}
    world.pass_time()
    return world


def asked(world: World, wanted: Wanted, after: Place | None = None, limit: int = 50) -> Page:
    return catalog(
        world.store, by=VIEWER, wanted=wanted, after=after, limit=limit, clock=world.clock
    )


def keys(found: Page) -> list[str]:
    return [row.product.key for row in found.rows]


def test_a_page_leads_to_the_next_and_counts_all(three: World):
    first = asked(three, BY_KEY, limit=2)
    second = asked(three, BY_KEY, first.next, limit=2)

    assert (keys(first), keys(second)) == (["sales.a", "sales.b"], ["sales.c"])
    assert (first.total, second.next) == (3, None)
    assert (first.domains, first.owners) == ({"sales": 3}, {"Order desk": 3})


def test_a_row_says_what_the_card_says(three: World):
    for row in asked(three, BY_KEY).rows:
        found = card(three.store, row.product.key, by=VIEWER, clock=three.clock)

        assert (row.score, row.unjudged) == (found.score, found.unjudged)
        assert row.open_incidents == sum(one.state.open for one in found.incidents)
        assert row.last_run == found.runs[0]
        assert row == summary(three.store, row.product.key, by=VIEWER, clock=three.clock)


def test_what_needs_somebody_stands_first(three: World):
    assert keys(asked(three, Wanted())) == ["sales.c", "sales.a", "sales.b"]
    assert keys(asked(three, Wanted(state=State.INCIDENT))) == ["sales.c"]


def test_time_alone_makes_a_product_unproven(three: World):
    wanted = Wanted(state=State.UNPROVEN)
    before = asked(three, wanted)
    three.clock.pass_(hours=1)
    after = asked(three, wanted)

    assert keys(before) == []
    assert keys(after) == ["sales.c", "sales.a", "sales.b"]
    assert max(row.score.assurance for row in after.rows) < 0.8


def test_a_domain_has_its_lowest_and_a_page_of_products(three: World):
    (listed,) = list_domains(three.store, by=VIEWER, clock=three.clock)
    found = domain_detail(three.store, "sales", by=VIEWER, limit=1, clock=three.clock)

    low = card(three.store, "sales.c", by=VIEWER, clock=three.clock).score.quality
    assert low is not None
    assert listed == found.standing
    assert listed == DomainStanding(
        name="sales",
        products=3,
        at_target=2,
        failing=1,
        lowest=Lowest(product="sales.c", score=low),
        open_incidents=1,
    )
    assert (keys(found.page), found.page.total) == (["sales.c"], 3)


def test_an_unknown_domain_is_not_found(three: World):
    with pytest.raises(NotFound, match="there is no domain 'finance'"):
        domain_detail(three.store, "finance", by=VIEWER, clock=three.clock)


def test_the_use_cases_ask_for_permission(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("access.model._MAY", dict.fromkeys(type(VIEWER.role), frozenset()))

    with pytest.raises(Forbidden):
        asked(world, Wanted())
    with pytest.raises(Forbidden):
        list_domains(world.store, by=VIEWER, clock=world.clock)
    with pytest.raises(Forbidden):
        summary(world.store, "sales.a", by=VIEWER, clock=world.clock)


def test_healthy_products_are_counted_too(three: World):
    found = asked(three, Wanted())

    assert (found.total, found.healthy) == (3, 2)


class Remembering:
    """A store that remembers for good what it is asked to recall, as long as it fits."""

    def __init__(self, store: SqlStore) -> None:
        self.kept: dict[Hashable, Any] = {}
        self.looks = 0
        self._store = store

    def recall(self, name, look, *, fits, size):
        if name not in self.kept or not fits(self.kept[name]):
            self.looks += 1
            self.kept[name] = self._store.recall(name, look)
        assert size(self.kept[name]) > 0
        return self.kept[name]


def test_a_page_is_read_again_only_once_time_moves_what_it_is_found_by(three: World):
    store = Remembering(three.store)

    def read(**passed: float) -> Page:
        three.clock.pass_(**passed)
        return catalog(store, by=VIEWER, wanted=Wanted(), clock=three.clock)  # type: ignore[arg-type]  # no more is asked of it

    first, second = read(), read(seconds=1)
    looked = store.looks
    later = read(days=60)

    assert looked == 1
    assert keys(first) == keys(second)
    assert (first.healthy, later.healthy) == (2, 0)
    assert later == asked(three, Wanted())


def test_another_search_is_another_page(three: World):
    store = Remembering(three.store)

    for wanted in (BY_KEY, Wanted(), Wanted(text="b")):
        catalog(store, by=VIEWER, wanted=wanted, clock=three.clock)  # type: ignore[arg-type]  # no more is asked of it

    assert store.looks == 3
