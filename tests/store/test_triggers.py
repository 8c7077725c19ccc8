"""Triggers join what waits; a key is one run, whoever comes at once."""

import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from runs.model import Claim, Interval, RunState, Trigger
from store.engine import create_store_engine, reading
from store.sql_store import SqlShelf, SqlStore
from store.tables.triggers import TRIGGER
from tests.store.anywhere import KINDS
from tests.store.build import HOUR, MINUTE, NOON, asked, publish

_THREADS = 8


def _ask(shelf: SqlShelf, key: str, interval: Interval, **changes) -> int:
    return shelf.triggers.ask(asked(key, interval=interval, **changes))[0]


def _slice(start: int, end: int) -> Interval:
    return Interval(start=NOON + start * HOUR, end=NOON + end * HOUR)


def _take(shelf: SqlShelf, run_id: int) -> Claim:
    claim = shelf.runs.claim(run_id, owner="w", now=NOON, lease_until=NOON + MINUTE)
    assert claim is not None
    return claim


def test_a_trigger_joins_a_run_that_waits_for_the_same_or_more(published: SqlStore):
    with published.write() as shelf:
        first = _ask(shelf, "a", _slice(0, 4))
        same = _ask(shelf, "b", _slice(0, 4))
        inside = _ask(shelf, "c", _slice(1, 3))
        beyond = _ask(shelf, "d", _slice(3, 5))
        run = shelf.runs.get(first)

    assert same == inside == first != beyond
    assert run is not None
    assert (run.triggers, run.interval) == (3, _slice(0, 4))


def test_a_run_about_all_data_takes_each_trigger_and_its_end_moves_on(published: SqlStore):
    with published.write() as shelf:
        whole = _ask(shelf, "a", Interval.up_to(NOON))
        later = _ask(shelf, "b", Interval.up_to(NOON + HOUR))
        older = _ask(shelf, "c", _slice(-5, -4))
        run = shelf.runs.get(whole)

    assert later == older == whole
    assert run is not None
    assert run.interval == Interval.up_to(NOON + HOUR)


def test_a_trigger_about_all_data_does_not_join_a_slice(published: SqlStore):
    with published.write() as shelf:
        one = _ask(shelf, "a", _slice(-4, 0))

        assert _ask(shelf, "b", Interval.up_to(NOON)) != one


def test_the_same_key_is_the_same_run_when_it_is_long_over(published: SqlStore):
    with published.write() as shelf:
        first = _ask(shelf, "a", Interval.up_to(NOON))
        _ask(shelf, "joined", Interval.up_to(NOON))
        claim = _take(shelf, first)
        assert shelf.runs.finish(claim, state=RunState.LOST, report=None, error="", now=NOON)

        again = [_ask(shelf, key, Interval.up_to(NOON + HOUR)) for key in ("a", "joined")]

    assert again == [first, first]


def test_a_run_of_an_older_version_or_of_another_kind_is_not_joined(published: SqlStore):
    with published.write() as shelf:
        shadow = _ask(shelf, "s", Interval.up_to(NOON), trigger=Trigger.SHADOW)
        old = _ask(shelf, "a", Interval.up_to(NOON))
        publish(shelf, number="1.1.0")
        new = _ask(shelf, "b", Interval.up_to(NOON), version="1.1.0")

    assert len({shadow, old, new}) == 3


@pytest.mark.parametrize("store_anywhere", KINDS, indirect=True)
def test_who_comes_at_once_with_one_key_gets_one_run(store_anywhere: SqlStore):
    with store_anywhere.write() as shelf:
        publish(shelf)

    ids = _at_once(store_anywhere, lambda number: f"same {number % 2}", _slice)

    assert len(set(ids)) == 2


@pytest.mark.parametrize("store_anywhere", KINDS, indirect=True)
def test_who_comes_at_once_for_all_data_gets_one_run(store_anywhere: SqlStore):
    with store_anywhere.write() as shelf:
        publish(shelf)

    ids = _at_once(store_anywhere, str, lambda *_: Interval.up_to(NOON))

    with store_anywhere.read() as shelf:
        (run,) = shelf.runs.page(product=None, before=None, limit=10)
    assert set(ids) == {run.id}
    assert run.triggers == _THREADS


def _at_once(store: SqlStore, key, interval) -> list[int]:
    """Ask from several threads at once; slices with different keys share nothing."""
    ready = threading.Barrier(_THREADS)

    def ask(number: int) -> int:
        ready.wait(10)
        with store.write() as shelf:
            return _ask(shelf, key(number), interval(10 * (number % 2), 10 * (number % 2) + 5))

    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(ask, range(_THREADS)))


@pytest.mark.parametrize("store_anywhere", KINDS, indirect=True)
def test_no_trigger_joins_a_run_that_a_worker_takes_meanwhile(store_anywhere: SqlStore):
    with store_anywhere.write() as shelf:
        publish(shelf)
        first = _ask(shelf, "first", Interval.up_to(NOON))
    both = threading.Barrier(2)

    def take() -> None:
        both.wait(10)
        with store_anywhere.write() as shelf:
            _take(shelf, first)

    def ask() -> int:
        both.wait(10)
        with store_anywhere.write() as shelf:
            return _ask(shelf, "second", Interval.up_to(NOON + HOUR))

    with ThreadPoolExecutor(2) as pool:
        taken, joined = pool.submit(take), pool.submit(ask)
        taken.result()
        second = joined.result()

    with store_anywhere.read() as shelf:
        run = shelf.runs.get(second)
        before = shelf.runs.get(first)
    assert run is not None
    assert before is not None
    # It joined before the run was taken, or waits behind it.
    assert (second == first) == (before.triggers == 2)
    assert second == first or run.state is RunState.QUEUED


@dataclass
class _Waiting:
    id: int
    interval: Interval
    state: str = "queued"


@dataclass
class _Model:
    """What must come of triggers, claims and ends, in the simplest words."""

    runs: list[_Waiting] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)

    def ask(self, key: str, interval: Interval) -> int:
        if key not in self.keys:
            self.keys[key] = self._joined(interval) or self._new(interval)
        return self.keys[key]

    def _joined(self, asked: Interval) -> int | None:
        for run in self.runs:
            mine = run.interval
            around = mine.start <= asked.start and asked.end <= mine.end and not asked.whole
            if run.state == "queued" and (mine.whole or around):
                if mine.whole:
                    run.interval = Interval.up_to(max(mine.end, asked.end))
                return run.id
        return None

    def _new(self, interval: Interval) -> int:
        self.runs.append(_Waiting(len(self.runs) + 1, interval))
        return len(self.runs)

    def step(self, state: str, after: str) -> int | None:
        """Move the first run in one state on to the next; None where there is none."""
        found = next((run for run in self.runs if run.state == state), None)
        if found is None or (after == "running" and self._busy()):
            return None
        found.state = after
        return found.id

    def _busy(self) -> bool:
        return any(run.state == "running" for run in self.runs)


_HOURS = st.integers(0, 4)
_INTERVALS = st.one_of(
    _HOURS.map(lambda hour: _slice(hour, hour)),
    st.tuples(_HOURS, st.integers(1, 3)).map(lambda found: _slice(found[0], sum(found))),
)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.sampled_from("abcdefgh"), _INTERVALS),
        st.tuples(st.sampled_from(["claim", "end"]), st.none(), st.none()),
    ),
    max_size=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_triggers_claims_and_ends_go_as_the_model_says(steps, migrated: Path, tmp_path: Path):
    with _fresh(migrated, tmp_path) as store:
        model, claims = _Model(), {}
        for step, key, interval in steps:
            with store.write() as shelf:
                if step == "ask":
                    assert _ask(shelf, key, interval) == model.ask(key, interval)
                elif step == "claim" and (run_id := model.step("queued", "running")):
                    claims[run_id] = _take(shelf, run_id)
                elif step == "end" and (run_id := model.step("running", "done")):
                    assert shelf.runs.finish(
                        claims[run_id], state=RunState.DONE, report=None, error="", now=NOON
                    )
        with store.read() as shelf:
            found = shelf.runs.page(product=None, before=None, limit=99)[::-1]

    assert [(run.id, run.state.value, run.interval) for run in found] == [
        (run.id, run.state, run.interval) for run in model.runs
    ]
    assert sum(run.triggers for run in found) == len(model.keys)


_NUMBERS = count()


@contextmanager
def _fresh(migrated: Path, folder: Path) -> Iterator[SqlStore]:
    path = folder / f"{next(_NUMBERS)}.db"
    shutil.copy(migrated, path)
    store = SqlStore(create_store_engine(f"sqlite:///{path}"))
    with store.write() as shelf:
        publish(shelf)
    yield store
    path.unlink()


def test_each_trigger_is_kept_with_its_cause(published: SqlStore, engine):
    with published.write() as shelf:
        run_id = _ask(shelf, "a", Interval.up_to(NOON), cause="ann")
        _ask(shelf, "b", Interval.up_to(NOON), cause="etl", created=NOON + timedelta(seconds=1))

    with reading(engine) as connection:
        rows = connection.execute(select(TRIGGER.c.run_id, TRIGGER.c.cause, TRIGGER.c.at)).all()
    assert rows == [(run_id, "ann", NOON), (run_id, "etl", NOON + timedelta(seconds=1))]


def test_a_run_is_told_as_it_was_before_later_triggers_joined_it(published: SqlStore):
    with published.write() as shelf:
        for hour in range(3):
            at = NOON + hour * HOUR
            _ask(shelf, str(hour), Interval.up_to(at), created=at)

        then = [shelf.past.runs("sales.orders", NOON + hour * HOUR, limit=9) for hour in range(3)]

    assert [(run.triggers, run.interval.end) for (run,) in then] == [
        (number + 1, NOON + number * HOUR) for number in range(3)
    ]


def test_a_scheduled_run_is_told_without_what_joined_it_later(published: SqlStore):
    with published.write() as shelf:
        shelf.runs.add(asked("tick", interval=_slice(-1, 0), trigger=Trigger.SCHEDULE))
        _ask(shelf, "joins", _slice(-1, 0), created=NOON + HOUR)

        (then,) = shelf.past.runs("sales.orders", NOON, limit=9)
        (now,) = shelf.past.runs("sales.orders", NOON + HOUR, limit=9)

    assert (then.triggers, now.triggers) == (1, 2)
    assert then.interval == now.interval == _slice(-1, 0)


def test_a_run_of_some_clauses_only_is_not_joined(published: SqlStore):
    with published.write() as shelf:
        some = asked("tick", interval=_slice(-1, 0), trigger=Trigger.SCHEDULE, lines=("0 6 * * *",))
        part, _ = shelf.runs.add(some)

        assert _ask(shelf, "all of it", _slice(-1, 0)) != part
