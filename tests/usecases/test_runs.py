"""The life of a run, from the tick to what is recorded, on a real store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from access.errors import Forbidden
from checks.model import Outcome
from runs.model import RunState, Trigger
from tests.cast import ADMIN, ORDERS, OWNER, STRANGER, VIEWER
from tests.usecases.database import PASSWORD, SALES
from tests.usecases.world import LEASE, World
from usecases.dispatch import dispatch
from usecases.errors import NotFound
from usecases.execute_run import execute_run
from usecases.history import list_runs, run_detail
from usecases.publish import publish
from usecases.request_run import request_run
from usecases.send_notices import send_notices
from usecases.tick import tick


def runs(world: World):
    return list_runs(world.store, by=VIEWER, before=None, limit=50)


def test_a_due_schedule_queues_one_run_which_is_judged_and_recorded(world: World):
    world.publish()

    assert world.pass_time() == [True]

    (run,) = runs(world)
    assert (run.state, run.trigger, run.outcome) == (RunState.DONE, Trigger.SCHEDULE, "passed")
    assert run.interval.end - run.interval.start == timedelta(seconds=10)
    assert run.counts == {"passed": 9, "failed": 0, "errored": 0, "skipped": 1}
    assert len(run_detail(world.store, run.id, by=ADMIN).results) == 10


def test_nothing_is_queued_before_its_time(world: World):
    world.publish()

    assert world.pass_time(seconds=9.9) == []
    assert tick(world.store, world.pace, now=world.clock()) == 0


def test_two_tickers_at_one_instant_queue_one_run(world: World):
    world.publish()
    world.clock.pass_(seconds=10)

    queued = [tick(world.store, world.pace, now=world.clock()) for _ in range(2)]

    assert queued == [1, 0]


def test_after_a_long_sleep_one_run_is_fired(world: World):
    world.publish()

    world.pass_time(seconds=3600)

    assert len(runs(world)) == 1
    with world.store.read() as shelf:
        event = shelf.audit.all()[-1][0]
    assert (event.action, event.subject) == ("schedule.missed", "contract/orders")
    assert event.detail == (
        "359 instants from 2026-11-20T12:00:10+00:00 to 2026-11-20T12:59:50+00:00 "
        "went by without a run"
    )


def test_runs_do_not_pile_up_behind_one_that_waits(world: World):
    world.publish()
    for _ in range(5):
        world.clock.pass_(seconds=10)
        tick(world.store, world.pace, now=world.clock())

    assert [run.state for run in runs(world)] == [RunState.QUEUED]


def test_a_request_queues_a_run_once_for_the_same_key(world: World):
    world.publish()

    first = request_run(world.store, "sales.orders", by=OWNER, key="k", clock=world.clock)
    again = request_run(world.store, "sales.orders", by=OWNER, key="k", clock=world.clock)

    assert [run.id for run in first] == [run.id for run in again]
    assert again[0].triggers == 1


def test_a_request_joins_the_run_that_waits_and_one_that_runs_gets_one_behind_it(world: World):
    world.publish()

    def ask() -> int:
        world.clock.pass_(seconds=1)
        return request_run(world.store, "sales.orders", by=OWNER, clock=world.clock)[0].id

    first, joined = ask(), ask()
    with world.store.write() as shelf:
        lease = world.clock() + LEASE
        shelf.runs.claim(first, owner="w", now=world.clock(), lease_until=lease)
    behind, again = ask(), ask()

    assert joined == first
    assert again == behind != first


def test_only_who_may_run_a_product_may_ask(world: World):
    world.publish()

    for stranger in (VIEWER, STRANGER):
        with pytest.raises(Forbidden):
            request_run(world.store, "sales.orders", by=stranger, clock=world.clock)
    with pytest.raises(NotFound, match=r"no product 'sales\.nothing'"):
        request_run(world.store, "sales.nothing", by=ADMIN, clock=world.clock)


def test_a_message_that_comes_twice_is_executed_once(world: World):
    world.publish()
    (run,) = request_run(world.store, "sales.orders", by=OWNER, clock=world.clock)

    taken = [execute_run(world.store, run.id, world.executor()) for _ in range(2)]

    assert taken == [True, False]
    assert len(run_detail(world.store, run.id, by=ADMIN).results) == 10


def test_a_lost_message_is_sent_again_after_a_while(world: World):
    world.publish()
    request_run(world.store, "sales.orders", by=OWNER, clock=world.clock)
    lost: list[int] = []

    def send() -> int:
        return dispatch(world.store, lost.append, world.pace, clock=world.clock)

    first, too_early = send(), send()
    world.clock.pass_(seconds=31)

    assert (first, too_early, send()) == (1, 0, 1)


def test_a_worker_that_died_gives_its_run_back_and_cannot_record_it_later(world: World):
    world.publish()
    (run,) = request_run(world.store, "sales.orders", by=OWNER, clock=world.clock)
    late = world.executor()
    original = world.judge

    class Slow:
        def __call__(self, contract, promised, location):
            world.clock.pass_(seconds=LEASE.total_seconds() + 1)
            world.reap()
            assert execute_run(world.store, run.id, world.executor())
            return original(contract, promised, location)

    recorded = execute_run(world.store, run.id, replace(late, judge=Slow()))

    assert recorded is False
    (kept,) = runs(world)
    assert (kept.state, kept.attempt) == (RunState.DONE, 2)
    assert len(run_detail(world.store, run.id, by=ADMIN).results) == 10


def test_a_run_whose_attempts_ran_out_is_lost_and_its_owner_told(world: World):
    world.publish()
    (run,) = request_run(world.store, "sales.orders", by=OWNER, clock=world.clock)
    for _ in range(2):
        with world.store.write() as shelf:
            shelf.runs.claim(
                run.id, owner="dies", now=world.clock(), lease_until=world.clock() + LEASE
            )
        world.clock.pass_(seconds=LEASE.total_seconds() + 1)
        world.reap()

    send_notices(world.store, world.post, clock=world.clock)

    assert run_detail(world.store, run.id, by=ADMIN).run.state is RunState.LOST
    subject = world.posted[0].message.subject
    assert "cannot be judged" in subject


def test_an_unknown_connection_errs_every_clause_and_nothing_is_green(world: World):
    world.publish(ORDERS.replace("value: lake", "value: sea"))

    world.pass_time()

    (run,) = runs(world)
    assert (run.state, run.outcome) == (RunState.ERRORED, "errored")
    assert run.error == "the service has no connection 'sea'"
    assert run.counts == {"passed": 0, "failed": 0, "errored": 9, "skipped": 1}


def test_a_secret_that_cannot_be_read_errs_every_clause_and_its_place_stays_untold(world: World):
    with world.store.write() as shelf:
        shelf.connections.put(SALES)
    publish(
        world.store,
        ORDERS.replace("value: lake", "value: sales").encode(),
        by=ADMIN,
        clock=world.clock,
    )

    world.pass_time()

    (run,) = runs(world)
    assert (run.state, run.counts["passed"], run.counts["errored"]) == (RunState.ERRORED, 0, 9)
    assert run.error.startswith("the secret of connection 'sales' cannot be read by the worker")
    assert "env:SALES" not in run.error


def test_a_judge_gets_the_secret_and_no_transaction_waits_for_it(world: World):
    with world.store.write() as shelf:
        shelf.connections.put(SALES)
    text = ORDERS.replace("value: lake", "value: sales")
    publish(world.store, text.encode(), by=ADMIN, clock=world.clock)

    def read(reference: str) -> str:
        with world.store.write():  # would be refused inside another one
            return f"{reference} {PASSWORD}"

    world.secrets = read
    world.pass_time()

    address = world.judge.asked[0].address
    assert address is not None
    assert (address.host, address.password) == ("db.example.org", f"env:SALES {PASSWORD}")


def test_a_judge_that_raises_errs_the_run_with_its_reason(world: World):
    world.publish()
    (run,) = request_run(world.store, "sales.orders", by=OWNER, clock=world.clock)
    executor = world.executor()

    def judge(contract, promised, location):
        raise RuntimeError("the disk is gone")

    execute_run(world.store, run.id, replace(executor, judge=judge))

    kept = run_detail(world.store, run.id, by=ADMIN).run
    assert (kept.state, kept.error) == (RunState.ERRORED, "RuntimeError: the disk is gone")
    assert kept.counts[Outcome.PASSED] == 0
