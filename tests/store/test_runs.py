from dataclasses import replace
from datetime import timedelta

import pytest

from checks.model import Progress
from contracts.timetable import Timetable
from runs.model import Claim, Run, RunState, Trigger
from store.errors import StoreConflict
from store.sql_store import SqlShelf, SqlStore
from tests.store.build import (
    HOUR,
    INTERVAL,
    MINUTE,
    NOON,
    asked,
    clause,
    errored,
    failed,
    passed,
    publish,
    report,
)

_LEASE = timedelta(seconds=30)


def _claim(shelf: SqlShelf, run_id: int, at=NOON) -> Claim | None:
    return shelf.runs.claim(run_id, owner="w1", now=at, lease_until=at + _LEASE)


def _claimed(shelf: SqlShelf, run_id: int, at=NOON) -> Claim:
    claim = _claim(shelf, run_id, at)
    assert claim is not None
    return claim


def _run(shelf: SqlShelf, run_id: int) -> Run:
    run = shelf.runs.get(run_id)
    assert run is not None
    return run


def _finish(shelf: SqlShelf, claim: Claim, state: RunState = RunState.DONE, **changes) -> bool:
    given = {"report": None, "error": "", "now": NOON}
    return shelf.runs.finish(claim, state=state, **{**given, **changes})


def _dispatch(shelf: SqlShelf, at=NOON, limit: int = 10) -> tuple[int, ...]:
    flying = shelf.runs.in_flight(dispatched_after=at - MINUTE)
    return shelf.runs.dispatch(
        now=at, dispatched_before=at - MINUTE, limit=flying + limit, per_connection=4
    )


def test_a_run_that_is_asked_for_is_queued(published: SqlStore):
    with published.write() as shelf:
        run_id, new = shelf.runs.add(asked())
        found = shelf.runs.get(run_id)

    assert new
    assert found == Run(
        id=run_id,
        product="sales.orders",
        contract_id="orders",
        version="1.0.0",
        trigger=Trigger.API,
        state=RunState.QUEUED,
        interval=INTERVAL,
        created=NOON,
        counts={},
        seconds={},
    )


def test_the_same_request_is_the_same_run(published: SqlStore):
    with published.write() as shelf:
        first = shelf.runs.add(asked())
        again = shelf.runs.add(asked())

    assert again == (first[0], False)


def test_the_same_instant_of_a_schedule_is_the_same_run(published: SqlStore):
    every = Timetable(every=HOUR)
    with published.write() as shelf:
        shelf.schedules.put("orders", every, anchor=NOON, due=(NOON, NOON))
        schedule = shelf.schedules.of("orders")
        assert schedule is not None
        first, _ = shelf.runs.add(asked("a", schedule_id=schedule.id, instant=NOON))
        again = shelf.runs.add(asked("b", schedule_id=schedule.id, instant=NOON))
        later = shelf.runs.add(asked("c", schedule_id=schedule.id, instant=NOON + HOUR))

    assert again == (first, False)
    assert later[1]


def test_a_run_of_an_unknown_version_is_refused(published: SqlStore):
    with pytest.raises(StoreConflict), published.write() as shelf:
        shelf.runs.add(asked(version="9.9.9"))
    with pytest.raises(StoreConflict), published.write() as shelf:
        shelf.runs.add(asked(contract_id="nosuch"))


def test_an_unknown_run_is_not_there(published: SqlStore):
    with published.write() as shelf:
        assert shelf.runs.get(7) is None
        assert shelf.runs.results(7) == ()
        assert _claim(shelf, 7) is None


def test_a_queued_run_is_claimed_once(published: SqlStore):
    with published.write() as shelf:
        run_id, _ = shelf.runs.add(asked())
        first = _claim(shelf, run_id)
        second = _claim(shelf, run_id)
        run = shelf.runs.get(run_id)

    assert first == Claim(run_id=run_id, fence=1, attempt=1, lease_until=NOON + _LEASE)
    assert second is None
    assert run is not None
    assert (run.state, run.started, run.lease_until) == (RunState.RUNNING, NOON, NOON + _LEASE)


def test_a_contract_has_one_run_at_a_time(published: SqlStore):
    with published.write() as shelf:
        publish(shelf, contract_id="lines")
        first, second = (shelf.runs.add(asked(key))[0] for key in "ab")
        other, _ = shelf.runs.add(asked("c", contract_id="lines"))
        claim = _claimed(shelf, first)

        assert _claim(shelf, second) is None
        assert _claim(shelf, other) is not None
        assert _finish(shelf, claim)
        assert _claim(shelf, second) is not None


def test_a_run_refused_because_its_contract_is_busy_is_handed_over_again(published: SqlStore):
    with published.write() as shelf:
        first, second = (shelf.runs.add(asked(key))[0] for key in "ab")
        claim = _claimed(shelf, first)
        _claim(shelf, second)
        assert _dispatch(shelf) == ()
        _finish(shelf, claim)

        assert _dispatch(shelf) == (second,)


def test_a_lease_is_prolonged_by_its_holder_only(published: SqlStore):
    with published.write() as shelf:
        run_id, _ = shelf.runs.add(asked())
        old = _claimed(shelf, run_id)
        assert shelf.runs.beat(old, lease_until=NOON + MINUTE)
        shelf.runs.requeue(now=NOON + HOUR, attempts=3)
        assert not shelf.runs.beat(old, lease_until=NOON + 2 * HOUR)
        new = _claimed(shelf, run_id, NOON + HOUR)

        assert not shelf.runs.beat(old, lease_until=NOON + 2 * HOUR)
        assert shelf.runs.beat(new, lease_until=NOON + 2 * HOUR)
        assert (new.fence, new.attempt) == (2, 2)


def test_progress_is_noted_by_the_holder_and_is_gone_with_the_claim(published: SqlStore):
    half = Progress(phase="asking Pandera", done=1, total=2)
    with published.write() as shelf:
        run_id, _ = shelf.runs.add(asked())
        first = _claimed(shelf, run_id)

        assert shelf.runs.note(first, half)
        assert _run(shelf, run_id).progress == half
        shelf.runs.requeue(now=NOON + HOUR, attempts=3)
        assert _run(shelf, run_id).progress is None
        second = _claimed(shelf, run_id, NOON + HOUR)
        assert not shelf.runs.note(first, half)
        assert shelf.runs.note(second, half)
        assert _finish(shelf, second)
        assert _run(shelf, run_id).progress is None
        assert not shelf.runs.note(second, half)


def test_a_finished_run_says_what_came_of_it(published: SqlStore):
    one, two = clause("/1"), clause("/2")
    told = replace(report(passed(one), failed(two)), phases={"open": 0.25, "pandera": 0.5})
    with published.write() as shelf:
        publish(shelf, one, two, number="1.1.0")
        run_id, _ = shelf.runs.add(asked(version="1.1.0"))
        claim = _claimed(shelf, run_id)

        assert _finish(shelf, claim, report=told, now=NOON + MINUTE)
        run = shelf.runs.get(run_id)

    assert run is not None
    assert (run.state, run.finished, run.lease_until) == (RunState.DONE, NOON + MINUTE, None)
    assert run.outcome == "failed"
    assert run.counts == {"passed": 1, "failed": 1, "errored": 0, "skipped": 0}
    assert run.seconds == {"open": 0.25, "pandera": 0.5, "total": 2.0}


def test_only_the_newest_claim_records_and_only_once(published: SqlStore):
    with published.write() as shelf:
        run_id, _ = shelf.runs.add(asked())
        old = _claimed(shelf, run_id)
        shelf.runs.requeue(now=NOON + HOUR, attempts=3)
        assert not _finish(shelf, old)
        new = _claimed(shelf, run_id, NOON + HOUR)
        one = report(passed(clause("/1")))

        assert not _finish(shelf, old, report=one)
        assert shelf.runs.results(run_id) == ()
        assert _finish(shelf, new, state=RunState.ERRORED, error="no data")
        assert not _finish(shelf, new, report=one)
        run = shelf.runs.get(run_id)

    assert run is not None
    assert (run.state, run.error, run.outcome) == (RunState.ERRORED, "no data", None)


def test_a_run_does_not_end_in_a_state_that_is_no_end(published: SqlStore):
    with published.write() as shelf:
        run_id, _ = shelf.runs.add(asked())
        claim = _claimed(shelf, run_id)

        with pytest.raises(ValueError, match="queued"):
            _finish(shelf, claim, state=RunState.QUEUED)


def test_what_is_written_beside_a_finish_is_written_with_it_or_not_at_all(published: SqlStore):
    with published.write() as shelf:
        run_id, _ = shelf.runs.add(asked())
        claim = _claimed(shelf, run_id)

    def finish_and_fail() -> None:
        with published.write() as shelf:
            _finish(shelf, claim)
            shelf.heartbeats.beat("worker", NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        finish_and_fail()
    with published.write() as shelf:
        assert shelf.heartbeats.latest() == {}
        assert _finish(shelf, claim)


def test_runs_are_handed_over_oldest_first_and_once(published: SqlStore):
    with published.write() as shelf:
        for contract_id in ("lines", "items"):
            publish(shelf, contract_id=contract_id)
        first, second, third = (
            shelf.runs.add(asked(contract_id, contract_id))[0]
            for contract_id in ("orders", "lines", "items")
        )

        assert shelf.runs.waiting(dispatched_before=NOON - MINUTE)
        assert _dispatch(shelf, limit=2) == (first, second)
        assert _dispatch(shelf) == (third,)
        assert _dispatch(shelf) == ()
        assert not shelf.runs.waiting(dispatched_before=NOON - MINUTE)


def test_a_lost_message_is_sent_again(published: SqlStore):
    with published.write() as shelf:
        run_id, _ = shelf.runs.add(asked())
        _dispatch(shelf)

        assert _dispatch(shelf, NOON + MINUTE) == ()
        assert _dispatch(shelf, NOON + MINUTE + timedelta(seconds=1)) == (run_id,)


def test_a_contracts_runs_are_handed_over_one_at_a_time(published: SqlStore):
    with published.write() as shelf:
        first, second = (shelf.runs.add(asked(key))[0] for key in "ab")

        assert _dispatch(shelf) == (first,)
        claim = _claimed(shelf, first)
        assert _dispatch(shelf) == ()
        _finish(shelf, claim)
        assert _dispatch(shelf) == (second,)


def test_in_flight_counts_what_runs_and_what_was_handed_over(published: SqlStore):
    with published.write() as shelf:
        publish(shelf, contract_id="lines")
        publish(shelf, contract_id="items")
        running, _ = shelf.runs.add(asked("a"))
        shelf.runs.add(asked("b", contract_id="lines"))
        _claimed(shelf, running)
        _dispatch(shelf)
        shelf.runs.add(asked("c", contract_id="items"))

        assert shelf.runs.in_flight(dispatched_after=NOON - MINUTE) == 2
        assert shelf.runs.in_flight(dispatched_after=NOON) == 1


def test_a_scheduled_run_waits_until_it_is_taken(published: SqlStore):
    with published.write() as shelf:
        shelf.schedules.put("orders", Timetable(every=HOUR), anchor=NOON, due=(NOON, NOON))
        schedule = shelf.schedules.of("orders")
        assert schedule is not None
        shelf.runs.add(asked("by hand"))
        assert shelf.schedules.queued(["orders"]) == {}
        run_id, _ = shelf.runs.add(asked("due", schedule_id=schedule.id, instant=NOON))

        assert shelf.schedules.queued(["orders", "nosuch"]) == {"orders": (None,)}
        _claimed(shelf, run_id)
        assert shelf.schedules.queued(["orders"]) == {}


def test_what_a_dead_worker_left_is_queued_again(published: SqlStore):
    with published.write() as shelf:
        run_id, _ = shelf.runs.add(asked())
        _dispatch(shelf)
        _claimed(shelf, run_id)
        alive, dead = NOON + _LEASE - timedelta(seconds=1), NOON + _LEASE

        assert not shelf.runs.expired(now=alive)
        assert shelf.runs.requeue(now=alive, attempts=3) == ()
        assert shelf.runs.expired(now=dead)
        assert shelf.runs.requeue(now=dead, attempts=3) == (run_id,)
        assert not shelf.runs.expired(now=dead)
        assert _dispatch(shelf) == (run_id,)


def test_what_a_dead_worker_left_after_its_last_attempt_is_lost(published: SqlStore):
    with published.write() as shelf:
        run_id, _ = shelf.runs.add(asked())
        _claimed(shelf, run_id)
        late = NOON + HOUR

        assert shelf.runs.lose(now=late, attempts=2, limit=10) == ()
        assert shelf.runs.requeue(now=late, attempts=1) == ()
        (lost,) = shelf.runs.lose(now=late, attempts=1, limit=10)
        assert shelf.runs.lose(now=late, attempts=1, limit=10) == ()

    assert (lost.id, lost.state, lost.finished) == (run_id, RunState.LOST, late)
    assert "no sign of life" in lost.error


def test_lost_runs_come_oldest_first_and_no_more_than_asked_for(published: SqlStore):
    with published.write() as shelf:
        publish(shelf, contract_id="lines")
        publish(shelf, contract_id="items")
        ids = [
            shelf.runs.add(asked(contract_id, contract_id))[0]
            for contract_id in ("orders", "lines", "items")
        ]
        for run_id in ids:
            _claimed(shelf, run_id)

        lost = shelf.runs.lose(now=NOON + HOUR, attempts=1, limit=2)

    assert [run.id for run in lost] == ids[:2]


def test_runs_come_in_pages_newest_first(published: SqlStore):
    with published.write() as shelf:
        publish(shelf, contract_id="lines", key="logistics.lines")
        a, b = (shelf.runs.add(asked(key))[0] for key in "ab")
        c, _ = shelf.runs.add(asked("c", contract_id="lines"))

        def page(product: str | None, before: int | None, limit: int = 10) -> list[int]:
            found = shelf.runs.page(product=product, before=before, limit=limit)
            return [run.id for run in found]

        assert page(None, None) == [c, b, a]
        assert page(None, c, limit=1) == [b]
        assert page("sales.orders", None) == [b, a]
        assert page("sales.orders", b) == [a]


def test_states_are_those_of_ended_runs_newest_first(published: SqlStore):
    with published.write() as shelf:
        for key, state, minutes in (
            ("a", RunState.DONE, 3),
            ("b", RunState.ERRORED, 1),
            ("c", RunState.DONE, 2),
        ):
            run_id, _ = shelf.runs.add(asked(key))
            _finish(shelf, _claimed(shelf, run_id), state, now=NOON + minutes * MINUTE)
        shelf.runs.add(asked("d"))

        assert shelf.runs.states("orders", limit=2) == (RunState.DONE, RunState.DONE)
        assert shelf.runs.states("orders", limit=9)[-1] is RunState.ERRORED
        assert shelf.runs.states("nosuch", limit=9) == ()


def test_a_report_without_verdict_is_kept(published: SqlStore):
    with published.write() as shelf:
        publish(shelf, clause("/1"), number="1.1.0")
        run_id, _ = shelf.runs.add(asked(version="1.1.0"))
        told = report(errored(clause("/1")), number="1.1.0")
        _finish(shelf, _claimed(shelf, run_id), RunState.ERRORED, report=told, error="no data")
        run = shelf.runs.get(run_id)

    assert run is not None
    assert (run.outcome, run.seconds) == ("errored", {"total": 2.0})
