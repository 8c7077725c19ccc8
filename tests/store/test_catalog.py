from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.values import Severity
from incidents.model import IncidentState
from scorecards.catalog import DomainStanding, Level, Lowest, Order, Place, State, Wanted
from scorecards.line import Unjudged
from scorecards.mark import Mark
from scorecards.model import Score
from store.sql_store import SqlShelf, SqlStore
from tests.store.anywhere import KINDS
from tests.store.build import (
    HOUR,
    MINUTE,
    NOON,
    asked,
    clause,
    incident,
    passed,
    product,
    publish,
    record,
)

DAY = timedelta(days=1)
ALL_JUDGED = Unjudged()
pytestmark = pytest.mark.parametrize("store_anywhere", KINDS, indirect=True)


@pytest.fixture
def store(store_anywhere: SqlStore) -> SqlStore:
    return store_anywhere


def kept(quality: float | None = 100.0, **changes) -> Mark:
    """The mark of a product that stands well, with changes."""
    score = Score(
        quality=quality,
        low=quality,
        high=quality,
        uncapped=quality,
        cap="",
        assurance=1.0,
        dimensions=(),
        clauses=1,
        failing=0,
        lost={},
    )
    return replace(Mark(score=score, proven_until=NOON + DAY, blocking=0), **changes)


def failing(quality: float, blocking: int) -> Mark:
    found = kept(quality, blocking=blocking)
    return replace(found, score=replace(found.score, failing=1))


def put(shelf: SqlShelf, key: str, mark: Mark, unjudged: Unjudged = ALL_JUDGED) -> None:
    publish(shelf, contract_id=key, key=key)
    shelf.catalog.mark(key, mark, unjudged, scored_at=NOON)


def listed(shelf: SqlShelf, **wanted) -> list[str]:
    found = shelf.catalog.page(Wanted(**wanted), after=None, limit=99, now=NOON)
    return [entry.product.key for entry in found]


@pytest.fixture
def shelf(store: SqlStore) -> Iterator[SqlShelf]:
    """One product a level of need, and two that stand well."""
    with store.write() as shelf:
        put(shelf, "a.fine", kept())
        put(shelf, "a.well", kept(95.0))
        put(shelf, "a.unproven", kept(proven_until=NOON))
        put(shelf, "b.low", failing(60.0, 0))
        put(shelf, "b.blocked", failing(80.0, 1))
        put(shelf, "b.errored", kept(), Unjudged(errored=1))
        put(shelf, "b.lost", kept(99.0), Unjudged(lost=1))
        put(shelf, "c.incident", kept())
        shelf.incidents.save(incident(product="c.incident"), [])
        over = incident(product="a.fine", state=IncidentState.RESOLVED, resolved_at=NOON)
        shelf.incidents.save(over, [])
        put(shelf, "c.never", kept(None, proven_until=NOON))
        yield shelf


def test_what_needs_somebody_stands_first(shelf: SqlShelf):
    assert listed(shelf) == [
        "c.incident", "b.lost", "b.errored", "b.blocked", "b.low", "a.unproven", "c.never",
        "a.well", "a.fine",
    ]  # fmt: skip


def test_by_score_the_lowest_stands_first_and_what_is_not_measured_last(shelf: SqlShelf):
    found = listed(shelf, order=Order.SCORE)

    assert (found[:3], found[-1]) == (["b.low", "b.blocked", "a.well"], "c.never")


@pytest.mark.parametrize(
    ("state", "found"),
    [
        (State.FAILING, ["b.blocked", "b.low"]),
        (State.INCIDENT, ["c.incident"]),
        (State.ERRORED, ["b.errored", "b.lost"]),
        (State.UNPROVEN, ["a.unproven", "c.never"]),
        (State.HEALTHY, ["a.fine", "a.well"]),
    ],
)
def test_a_state_keeps_the_products_in_it(shelf: SqlShelf, state: State, found: list[str]):
    if state is State.HEALTHY:
        for key in ("a.fine", "a.well"):
            _run(shelf, key)

    assert listed(shelf, state=state, order=Order.KEY) == found


def _run(shelf: SqlShelf, key: str) -> None:
    run_id, _ = shelf.runs.add(asked(key, contract_id=key))
    shelf.runs.claim(run_id, owner="w", now=NOON, lease_until=NOON + MINUTE)
    shelf.runs.lose(now=NOON + HOUR, attempts=1, limit=9)


def test_a_product_has_never_run_until_a_run_of_it_ended(shelf: SqlShelf):
    _run(shelf, "a.fine")

    found = listed(shelf, state=State.NEVER_RUN)

    assert len(found) == 8
    assert "a.fine" not in found


def test_a_product_is_proven_for_as_long_as_its_mark_says(shelf: SqlShelf):
    wanted = Wanted(state=State.UNPROVEN, order=Order.KEY)
    just_before = NOON + DAY - timedelta(microseconds=1)

    before = shelf.catalog.page(wanted, after=None, limit=99, now=just_before)
    after = shelf.catalog.page(wanted, after=None, limit=99, now=NOON + DAY)

    assert (len(before), len(after)) == (2, 9)


def test_scores_filter_by_the_number_that_leads(shelf: SqlShelf):
    assert listed(shelf, min_score=80.0, max_score=95.0) == ["b.blocked", "a.well"]
    assert listed(shelf, max_score=60.0) == ["b.low"]


def test_domain_and_owner_are_exact(shelf: SqlShelf):
    (port,) = shelf.products.ports("a.fine")
    shelf.products.put(replace(product("a.fine"), owner=None), port, [])

    assert listed(shelf, domain="c") == ["c.incident", "c.never"]
    assert listed(shelf, domain="C") == []
    assert listed(shelf, owner="") == ["a.fine"]
    assert len(listed(shelf, owner="Ann")) == 8


@pytest.mark.parametrize("order", list(Order))
def test_page_by_page_each_product_is_shown_once(shelf: SqlShelf, order: Order):
    wanted, found, after = Wanted(order=order), [], None
    while entries := shelf.catalog.page(wanted, after=after, limit=2, now=NOON):
        found += [entry.product.key for entry in entries]
        after = entries[-1].place

    assert found == listed(shelf, order=order)
    assert len(set(found)) == 9


def test_an_entry_knows_its_place(shelf: SqlShelf):
    (first,) = shelf.catalog.page(Wanted(), after=None, limit=1, now=NOON)

    assert first.place == Place(
        order=Order.ATTENTION, level=Level.INCIDENT.place, score=100.0, key="c.incident"
    )


def test_counts_leave_out_the_filter_that_they_are_about(shelf: SqlShelf):
    found = shelf.catalog.counts(Wanted(domain="b", state=State.FAILING), NOON)

    assert found.total == 2
    assert found.domains == {"b": 2}
    assert found.owners == {"Ann": 2}
    assert shelf.catalog.counts(Wanted(domain="c"), NOON).domains == {"b": 4, "a": 3, "c": 2}


def test_a_domain_tells_its_lowest_and_has_no_average(shelf: SqlShelf):
    assert shelf.catalog.domains(NOON) == (
        DomainStanding(
            name="a",
            products=3,
            at_target=2,
            failing=0,
            lowest=Lowest(product="a.well", score=95.0),
            open_incidents=0,
        ),
        DomainStanding(
            name="b",
            products=4,
            at_target=2,
            failing=2,
            lowest=Lowest(product="b.low", score=60.0),
            open_incidents=0,
        ),
        DomainStanding(
            name="c",
            products=2,
            at_target=1,
            failing=0,
            lowest=Lowest(product="c.incident", score=100.0),
            open_incidents=1,
        ),
    )


class TestWords:
    @pytest.fixture
    def shelf(self, store: SqlStore) -> Iterator[SqlShelf]:
        with store.write() as shelf:
            publish(shelf, clause("/1", schema="Bestellungen", column="Größe_100%"))
            publish(shelf, clause("/1", column="other"), contract_id="b", key="logistics.lines")
            for key in ("sales.orders", "logistics.lines"):
                product = shelf.products.get(key)
                assert product is not None
                shelf.catalog.index(product)
            yield shelf

    @pytest.mark.parametrize(
        "text", ["ORDERS", "sell ann", "bestell", "größe", "GRÖSSE", "100%", "  sales.or  "]
    )
    def test_each_word_is_looked_for_in_any_case(self, shelf: SqlShelf, text: str):
        assert "sales.orders" in listed(shelf, text=text)

    @pytest.mark.parametrize("text", ["ordersx", "bestell logistics", "10%0", "gr_sse", "\\"])
    def test_a_word_that_is_not_there_finds_nothing(self, shelf: SqlShelf, text: str):
        assert listed(shelf, text=text) == []

    def test_what_is_promised_no_more_is_not_found(self, shelf: SqlShelf):
        publish(shelf, clause("/2", column="price"), number="1.1.0")
        product = shelf.products.get("sales.orders")
        assert product is not None
        shelf.catalog.index(product)

        assert listed(shelf, text="größe") == []
        assert listed(shelf, text="price") == ["sales.orders"]


def test_a_product_that_nobody_marked_is_unproven(store: SqlStore):
    with store.write() as shelf:
        publish(shelf)

        assert listed(shelf, state=State.UNPROVEN) == ["sales.orders"]
        assert shelf.catalog.stale(NOON + 9 * DAY, limit=9) == ()


def test_the_score_of_a_day_is_taken_once(store: SqlStore):
    with store.write() as shelf:
        put(shelf, "a.b", kept())
        publish(shelf, contract_id="never")
        late = NOON + DAY

        assert shelf.catalog.stale(late - MINUTE, limit=9) == ()
        assert shelf.catalog.stale(late, limit=9) == ("a.b",)
        assert [shelf.catalog.take("a.b", late) for _ in range(2)] == [True, False]
        assert shelf.catalog.stale(late, limit=9) == ()


def test_a_mark_without_a_score_kept_leaves_the_day_of_the_newest(store: SqlStore):
    with store.write() as shelf:
        put(shelf, "a.b", kept())
        shelf.catalog.mark("a.b", failing(10.0, 1), Unjudged(), scored_at=None)

        assert listed(shelf, state=State.FAILING) == ["a.b"]
        assert shelf.catalog.stale(NOON + DAY, limit=9) == ("a.b",)


def test_open_incidents_are_counted_by_product(shelf: SqlShelf):
    assert shelf.catalog.open_incidents(["a.fine", "c.incident", "no.such"]) == {"c.incident": 1}


def test_standings_of_many_products_are_those_of_each(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, clause("/1"), clause("/2", severity=Severity.LOW))
        publish(shelf, clause("/1"), contract_id="b", key="sales.b")
        record(shelf, [passed(clause("/1"))], key="r", end=NOON, finished=NOON)
        keys = ["sales.orders", "sales.b", "no.such"]

        assert shelf.standings.standings(keys) == {
            key: shelf.standings.standing(key) for key in keys
        }


def test_the_newest_run_of_many_products_is_that_of_each(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, clause("/1"))
        publish(shelf, contract_id="b", key="sales.b")
        for key in ("r", "s"):
            record(shelf, [passed(clause("/1"))], key=key, end=NOON, finished=NOON)

        found = shelf.runs.latest(["sales.orders", "sales.b"])

        assert found == {"sales.orders": shelf.runs.get(2)}


def test_healthy_products_are_counted_where_all_filters_hold(shelf: SqlShelf):
    for key in ("a.fine", "a.well"):
        _run(shelf, key)

    by_domain = {
        domain: shelf.catalog.counts(Wanted(domain=domain), NOON).healthy
        for domain in (None, "a", "c")
    }
    nothing = shelf.catalog.counts(Wanted(text="nowhere"), NOON)

    assert by_domain == {None: 2, "a": 2, "c": 0}
    assert (nothing.total, nothing.healthy, nothing.domains) == (0, 0, {})


def test_a_list_is_steady_until_the_next_proof_runs_out(shelf: SqlShelf):
    first = shelf.catalog.steady_until(NOON)

    assert first is not None
    assert first > NOON
    before = shelf.catalog.counts(Wanted(state=State.UNPROVEN), first - timedelta(seconds=1))
    after = shelf.catalog.counts(Wanted(state=State.UNPROVEN), first)
    assert after.total > before.total
    assert shelf.catalog.steady_until(NOON + 9999 * DAY) is None
