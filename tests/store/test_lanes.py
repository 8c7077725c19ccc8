"""What is handed to the broker next, on each database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine

from runs.model import RunState
from store.sql_store import SqlShelf, SqlStore
from tests.store.anywhere import KINDS, emptied
from tests.store.build import MINUTE, NOON, asked, publish

anywhere = pytest.mark.parametrize("store_anywhere", KINDS, indirect=True)


def queue(shelf: SqlShelf, domain: str, number: int, connection: str = "") -> list[int]:
    """Queue runs, each of a contract of its own, that read over ``connection``."""
    ids = []
    for each in range(number):
        contract_id = f"{domain}-{connection}-{each}"
        publish(shelf, contract_id=contract_id, key=f"{domain}.product")
        shelf.runs.place(contract_id, "1.0.0", connection)
        ids.append(shelf.runs.add(asked(contract_id, contract_id))[0])
    return ids


def hand_over(
    shelf: SqlShelf, at: datetime = NOON, limit: int = 4, per_connection: int = 4
) -> tuple[int, ...]:
    return shelf.runs.dispatch(
        now=at, dispatched_before=at - MINUTE, limit=limit, per_connection=per_connection
    )


def claim(shelf: SqlShelf, run_id: int):
    taken = shelf.runs.claim(run_id, owner="w", now=NOON, lease_until=NOON + MINUTE)
    assert taken is not None
    return taken


@anywhere
def test_the_one_run_of_a_domain_does_not_wait_for_the_hundred_of_another(
    store_anywhere: SqlStore,
):
    with store_anywhere.write() as shelf:
        sales = queue(shelf, "sales", 100)
        (stock,) = queue(shelf, "stock", 1)

        assert hand_over(shelf) == (sales[0], stock, *sales[1:3])


@anywhere
def test_what_runs_counts_towards_its_domains_share(store_anywhere: SqlStore):
    with store_anywhere.write() as shelf:
        sales = queue(shelf, "sales", 4)
        hand_over(shelf, limit=2)
        for run_id in sales[:2]:
            claim(shelf, run_id)
        stock = queue(shelf, "stock", 3)

        assert hand_over(shelf, limit=4) == tuple(stock[:2])


@anywhere
def test_no_more_runs_than_are_allowed_read_over_one_connection(store_anywhere: SqlStore):
    with store_anywhere.write() as shelf:
        lake = queue(shelf, "sales", 5, "lake")
        sea = queue(shelf, "sales", 1, "sea")

        assert hand_over(shelf, limit=10, per_connection=2) == (*lake[:2], *sea)
        assert hand_over(shelf, limit=10, per_connection=2) == ()
        held = claim(shelf, lake[0])
        shelf.runs.finish(held, state=RunState.DONE, report=None, error="", now=NOON)
        assert hand_over(shelf, limit=10, per_connection=2) == (lake[2],)


@anywhere
def test_a_claim_is_refused_where_a_connection_is_full_and_goes_again_when_it_is_not(
    store_anywhere: SqlStore,
):
    def take(run_id: int):
        with store_anywhere.write() as shelf:
            return shelf.runs.claim(
                run_id, owner="w", now=NOON, lease_until=NOON + MINUTE, per_connection=1
            )

    with store_anywhere.write() as shelf:
        first, second = queue(shelf, "sales", 2, "lake")
        (far,) = queue(shelf, "sales", 1, "sea")
        neither = queue(shelf, "sales", 2)
        hand_over(shelf, limit=10, per_connection=2)

    held = take(first)
    refused = take(second)
    others = [take(run_id) for run_id in (far, *neither)]

    assert held is not None
    assert refused is None
    assert all(others)
    with store_anywhere.write() as shelf:
        shelf.runs.finish(held, state=RunState.DONE, report=None, error="", now=NOON)
        assert hand_over(shelf, limit=10, per_connection=1) == (second,)
    assert take(second) is not None


@pytest.mark.integration
@pytest.mark.enable_socket
def test_two_claims_at_once_do_not_both_take_the_last_place(server: Engine):
    store = emptied(server)
    with store.write() as shelf:
        ids = queue(shelf, "sales", 8, "lake")
    start = Barrier(8)

    def take(run_id: int) -> bool:
        with store.write() as shelf:
            start.wait(10)
            taken = shelf.runs.claim(
                run_id, owner="w", now=NOON, lease_until=NOON + MINUTE, per_connection=3
            )
            return taken is not None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, ids)) == 3


@anywhere
def test_a_run_waits_until_it_is_known_what_it_reads_over(store_anywhere: SqlStore):
    with store_anywhere.write() as shelf:
        publish(shelf)
        shelf.runs.place("orders", "1.0.0", None)  # as in a database of an older release
        run_id, _ = shelf.runs.add(asked())

        assert hand_over(shelf) == ()
        assert not shelf.runs.waiting(dispatched_before=NOON)
        assert shelf.runs.unplaced(limit=9) == (("orders", "1.0.0"),)
        shelf.runs.place("orders", "1.0.0", "lake")
        assert shelf.runs.unplaced(limit=9) == ()
        assert hand_over(shelf) == (run_id,)
        assert shelf.runs.add(asked("next"))[1]
        assert shelf.runs.unplaced(limit=9) == ()


@anywhere
def test_what_did_not_reach_the_broker_goes_again_at_once(store_anywhere: SqlStore):
    with store_anywhere.write() as shelf:
        ids = queue(shelf, "sales", 3)
        assert hand_over(shelf) == tuple(ids)
        claim(shelf, ids[2])

        shelf.runs.take_back(ids[1:])

        assert hand_over(shelf) == (ids[1],)
        running = shelf.runs.get(ids[2])
        assert running is not None
        assert running.state is RunState.RUNNING


@anywhere
def test_what_waits_is_counted_up_to_a_bound(store_anywhere: SqlStore):
    with store_anywhere.write() as shelf:
        claim(shelf, queue(shelf, "sales", 3)[0])

        assert shelf.runs.queued(at_most=9) == 2
        assert shelf.runs.queued(at_most=1) == 1


@pytest.mark.integration
@pytest.mark.enable_socket
def test_a_dispatcher_passes_while_another_is_at_it(server: Engine):
    store = emptied(server)
    with store.write() as shelf:
        ids = queue(shelf, "sales", 2)

    def other() -> tuple[int, ...]:
        with store.write() as shelf:
            return hand_over(shelf)

    with ThreadPoolExecutor(1) as pool, store.write() as shelf:
        first = hand_over(shelf, limit=1)
        second = pool.submit(other).result(10)

    assert (first, second) == ((ids[0],), ())


@pytest.mark.integration
@pytest.mark.enable_socket
def test_a_run_that_somebody_holds_is_passed_over(server: Engine):
    store = emptied(server)
    with store.write() as shelf:
        held, free = queue(shelf, "sales", 2)

    def other() -> tuple[int, ...]:
        with store.write() as shelf:
            return hand_over(shelf)

    with ThreadPoolExecutor(1) as pool, store.write() as shelf:
        claim(shelf, held)
        handed = pool.submit(other).result(10)

    assert handed == (free,)


@anywhere
def test_two_dispatchers_never_hand_over_the_same_run_within_the_patience(
    store_anywhere: SqlStore,
):
    with store_anywhere.write() as shelf:
        ids = queue(shelf, "sales", 40, "lake")
    start = Barrier(2)

    def drain() -> list[int]:
        start.wait(10)
        taken: list[int] = []
        for turn in range(60):
            with store_anywhere.write() as shelf:
                at = NOON + timedelta(milliseconds=turn)
                taken += hand_over(shelf, at, limit=40, per_connection=40)
        return taken

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(drain) for _ in range(2)]
        taken = [run_id for one in both for run_id in one.result(60)]

    assert sorted(taken) == ids
