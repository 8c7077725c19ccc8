"""Several real processes on one database."""

import multiprocessing
from datetime import timedelta
from itertools import chain

from sqlalchemy import Engine

from store.engine import create_store_engine
from store.sql_store import SqlStore
from tests.store.build import NOON, asked, incident, notice, publish

_PROCESSES = 4
_RUNS = 60
_SPAWN = multiprocessing.get_context("spawn")


def _store(url: str) -> SqlStore:
    return SqlStore(create_store_engine(url))


def _claim_all(url: str, owner: str) -> list[int]:
    """Try to take every run, and return those that were ours."""
    store, mine = _store(url), []
    for run_id in range(1, _RUNS + 1):
        with store.write() as shelf:
            claim = shelf.runs.claim(
                run_id, owner=owner, now=NOON, lease_until=NOON + timedelta(minutes=1)
            )
        if claim is not None:
            mine.append(run_id)
    return mine


def test_each_run_is_claimed_by_exactly_one_process(store: SqlStore, engine: Engine):
    with store.write() as shelf:
        for number in range(_RUNS):
            publish(shelf, contract_id=f"c{number}")
            shelf.runs.add(asked(str(number), contract_id=f"c{number}"))
    work = [(str(engine.url), f"w{number}") for number in range(_PROCESSES)]

    with _SPAWN.Pool(_PROCESSES) as pool:
        claimed = pool.starmap(_claim_all, work, chunksize=1)

    assert sorted(chain.from_iterable(claimed)) == list(range(1, _RUNS + 1))


def _write_often(url: str, name: str) -> None:
    """Write 100 times; a wait beyond the writer's patience raises."""
    store = _store(url)
    for number in range(100):
        with store.write() as shelf:
            shelf.runs.add(asked(f"{name} {number}"))
            shelf.heartbeats.beat(name, NOON + timedelta(seconds=number))


def test_many_writers_never_find_the_database_locked(published: SqlStore, engine: Engine):
    work = [(str(engine.url), f"w{number}") for number in range(_PROCESSES)]

    with _SPAWN.Pool(_PROCESSES) as pool:
        pool.starmap(_write_often, work, chunksize=1)

    with published.read() as shelf:
        assert len(shelf.runs.page(product=None, before=None, limit=1000)) == 100 * _PROCESSES
        assert len(shelf.heartbeats.latest()) == _PROCESSES


def _take_notices(url: str) -> list[int]:
    store, taken = _store(url), []
    for _ in range(30):
        with store.write() as shelf:
            found = shelf.notices.claim(now=NOON, lease_until=NOON + timedelta(hours=1), limit=3)
        taken += [one.id for one in found]
    return taken


def test_each_notice_is_taken_by_exactly_one_process(published: SqlStore, engine: Engine):
    with published.write() as shelf:
        about = shelf.incidents.save(incident(), []).id
        for number in range(_RUNS):
            shelf.notices.add(notice(about, str(number)))

    with _SPAWN.Pool(2) as pool:
        taken = pool.map(_take_notices, [str(engine.url)] * 2, chunksize=1)

    assert sorted(chain.from_iterable(taken)) == list(range(1, _RUNS + 1))
