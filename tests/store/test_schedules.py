from datetime import datetime, timedelta

import pytest

from contracts.timetable import Timetable
from runs.model import Move, Part, Pause, Schedule
from store.errors import StoreConflict
from store.sql_store import SqlShelf, SqlStore
from tests.store.build import HOUR, MINUTE, NOON, asked, publish

_EVERY = Timetable(every=timedelta(seconds=5), jitter=0, missed="catch_up:3")
_CRON = Timetable(cron="0 6 * * 1-5", timezone="Europe/Berlin")


def _put(shelf: SqlShelf, timetable: Timetable = _EVERY, **changes) -> None:
    given = {"anchor": NOON, "due": (NOON, NOON + MINUTE)}
    shelf.schedules.put("orders", timetable, **{**given, **changes})


def _advance(shelf: SqlShelf, schedule: Schedule, to: datetime) -> None:
    shelf.schedules.advance([Move(schedule=schedule, instant=to, due_at=to)])


def _of(shelf: SqlShelf) -> Schedule:
    found = shelf.schedules.of("orders")
    assert found is not None
    return found


def _found(store: SqlStore) -> Schedule:
    with store.read() as shelf:
        return _of(shelf)


def test_a_schedule_is_kept_with_the_current_version(published: SqlStore):
    with published.write() as shelf:
        _put(shelf)
        publish(shelf, number="1.1.0")

    found = _found(published)

    assert found == Schedule(
        id=found.id,
        contract_id="orders",
        version="1.1.0",
        timetable=_EVERY,
        anchor=NOON,
        instant=NOON,
        due_at=NOON + MINUTE,
    )


def test_an_unchanged_timetable_keeps_its_anchor_and_instant(published: SqlStore):
    with published.write() as shelf:
        _put(shelf)
        _put(shelf, anchor=NOON + HOUR, due=(NOON + HOUR, NOON + HOUR))

    found = _found(published)

    assert (found.anchor, found.instant, found.due_at) == (NOON, NOON, NOON + MINUTE)


def test_a_changed_timetable_starts_anew(published: SqlStore):
    with published.write() as shelf:
        _put(shelf)
        _put(shelf, _CRON, anchor=NOON + HOUR, due=(NOON + HOUR, NOON + 2 * HOUR))

    found = _found(published)

    assert found.timetable == _CRON
    assert (found.anchor, found.instant, found.due_at) == (
        NOON + HOUR,
        NOON + HOUR,
        NOON + 2 * HOUR,
    )


def test_a_removed_schedule_is_gone_and_its_runs_stay(published: SqlStore):
    with published.write() as shelf:
        _put(shelf)
        schedule = shelf.schedules.of("orders")
        assert schedule is not None
        run_id, _ = shelf.runs.add(asked(schedule_id=schedule.id, instant=NOON))
        shelf.schedules.remove("orders")
        shelf.schedules.remove("orders")

    with published.read() as shelf:
        assert shelf.schedules.of("orders") is None
        assert shelf.runs.get(run_id) is not None


def test_what_is_due_comes_longest_due_first(store: SqlStore):
    with store.write() as shelf:
        for contract_id, minutes in (("late", 3), ("early", 1), ("ahead", 5)):
            publish(shelf, contract_id=contract_id)
            due = NOON + minutes * MINUTE
            shelf.schedules.put(contract_id, _EVERY, anchor=NOON, due=(due, due))

    with store.read() as shelf:
        due_now = shelf.schedules.due(NOON + 3 * MINUTE, limit=10)
        first = shelf.schedules.due(NOON + 3 * MINUTE, limit=1)

    assert [found.contract_id for found in due_now] == ["early", "late"]
    assert [found.contract_id for found in first] == ["early"]


def test_a_paused_schedule_is_never_due_and_stays_paused(published: SqlStore):
    pause = Pause(at=NOON, by="ann", reason="rest")
    with published.write() as shelf:
        _put(shelf)
        shelf.schedules.pause(_of(shelf), pause)
        _put(shelf, _CRON)

        assert shelf.schedules.due(NOON + HOUR, limit=10) == ()
    assert (_found(published).pause, _found(published).paused) == (pause, True)


def test_a_resumed_schedule_goes_on_where_it_stood(published: SqlStore):
    with published.write() as shelf:
        _put(shelf)
        before = _of(shelf)
        shelf.schedules.pause(before, Pause(at=NOON, by="ann", reason="rest"))
        shelf.schedules.pause(before, None)

    assert _found(published) == before


def test_a_schedule_that_was_paused_meanwhile_is_not_moved_on(published: SqlStore):
    with published.write() as shelf:
        _put(shelf)
        seen = _of(shelf)
        shelf.schedules.pause(seen, Pause(at=NOON, by="ann", reason="rest"))

        with pytest.raises(StoreConflict):
            _advance(shelf, seen, NOON + HOUR)
    assert _found(published).instant == seen.instant


def test_a_schedule_is_moved_on_once(published: SqlStore):
    with published.write() as shelf:
        _put(shelf)
    seen = _found(published)
    following = NOON + timedelta(seconds=5)

    with published.write() as shelf:
        _advance(shelf, seen, following)
        with pytest.raises(StoreConflict, match="moved by another"):
            _advance(shelf, seen, following)

    assert _found(published).instant == following


def test_a_schedule_that_was_put_anew_is_not_moved_by_an_older_tick(published: SqlStore):
    with published.write() as shelf:
        _put(shelf)
    seen = _found(published)
    with published.write() as shelf:
        _put(shelf, _CRON, anchor=NOON + MINUTE)

        with pytest.raises(StoreConflict):
            _advance(shelf, seen, NOON + HOUR)


def test_timetables_of_clauses_are_kept_and_a_change_of_them_starts_anew(published: SqlStore):
    parts = (Part(cron="0 20 * * *", since=NOON), Part(cron="0 8 * * *", since=NOON - HOUR))
    with published.write() as shelf:
        _put(shelf, parts=parts)
        _put(shelf, parts=parts, due=(NOON + HOUR, NOON + HOUR))
        kept = _of(shelf)
        _put(shelf, parts=parts[:1], due=(NOON + HOUR, NOON + HOUR))

    assert (kept.parts, kept.instant) == (parts, NOON)
    assert (_found(published).parts, _found(published).instant) == (parts[:1], NOON + HOUR)


def test_looking_for_what_is_due_is_told_apart_from_holding_it(published: SqlStore):
    with published.write() as shelf:
        _put(shelf)

    with published.read() as shelf:
        assert shelf.schedules.waiting(NOON + MINUTE)
        assert not shelf.schedules.waiting(NOON)


def test_runs_are_queued_together_and_each_instant_once(published: SqlStore):
    with published.write() as shelf:
        _put(shelf)
        number = _of(shelf).id
        wanted = [
            asked(f"k{minute}", schedule_id=number, instant=NOON + minute * MINUTE, lines=lines)
            for minute, lines in ((0, None), (1, ("0 20 * * *",)))
        ]

        assert shelf.schedules.ask([]) == 0
        assert shelf.schedules.ask(wanted) == 2
        assert shelf.schedules.ask(wanted) == 0
        assert shelf.schedules.queued(["orders", "nosuch"]) == {"orders": (None, ("0 20 * * *",))}
        run = shelf.runs.get(1)
    assert run is not None
    assert run.product == "sales.orders"
