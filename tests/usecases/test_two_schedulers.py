"""Two schedulers on one store, as processes of their own: nothing is fired twice, nothing never."""

import multiprocessing
from collections import Counter
from datetime import timedelta
from multiprocessing.synchronize import Barrier

import pytest
from sqlalchemy import insert, select

from store.engine import create_store_engine, reading, writing
from store.sql_store import SqlStore
from store.tables.door import AUDIT
from store.tables.judging import RUN, SCHEDULE
from store.tables.promise import CONTRACT, DOMAIN, PRODUCT, VERSION
from tests.cast import NOON
from usecases.pace import Pace
from usecases.tick import tick

MANY = 2_000
MINUTE = timedelta(minutes=1)
LAST = NOON + 4 * MINUTE


def fill(url: str) -> None:
    """Let there be schedules of every minute, all due for the fifth time; they catch up."""
    numbers = range(MANY)
    product = {"key": "d.p", "domain": "d", "name": "p", "purpose": "", "owner": ""}
    version = {
        "version": "1.0.0",
        "product": "d.p",
        "sha256": "0" * 64,
        "media_type": "application/yaml",
        "body": b"",
        "published_at": NOON,
        "published_by": "ada",
        "current": True,
    }
    schedule = {
        "cron": "* * * * *",
        "every": None,
        "timezone": "Europe/Berlin",
        "missed": "catch_up:3",
        "jitter": 0,
        "anchor": NOON,
        "instant": NOON,
        "due_at": NOON,
        "paused": False,
    }
    engine = create_store_engine(url)
    with writing(engine) as connection:
        connection.execute(insert(DOMAIN), {"name": "d"})
        connection.execute(insert(PRODUCT), product)
        connection.execute(insert(CONTRACT), [{"id": f"c{n}", "product": "d.p"} for n in numbers])
        connection.execute(insert(VERSION), [version | {"contract_id": f"c{n}"} for n in numbers])
        connection.execute(insert(SCHEDULE), [schedule | {"contract_id": f"c{n}"} for n in numbers])
    engine.dispose()


def ticks(url: str, together: Barrier) -> None:
    engine = create_store_engine(url)
    store, pace = SqlStore(engine), Pace(batch=100)
    together.wait(60)
    for _ in range(3 * MANY // pace.batch):
        tick(store, pace, now=LAST)
    engine.dispose()


@pytest.mark.enable_socket
def test_two_schedulers_fire_each_instant_exactly_once(any_database: str):
    fill(any_database)
    spawned = multiprocessing.get_context("spawn")
    together = spawned.Barrier(2)
    schedulers = [spawned.Process(target=ticks, args=(any_database, together)) for _ in range(2)]

    for scheduler in schedulers:
        scheduler.start()
    for scheduler in schedulers:
        scheduler.join(120)

    assert [scheduler.exitcode for scheduler in schedulers] == [0, 0]
    engine = create_store_engine(any_database)
    with reading(engine) as connection:
        fired = Counter(
            tuple(row) for row in connection.execute(select(RUN.c.contract_id, RUN.c.instant))
        )
        next_ones = set(connection.execute(select(SCHEDULE.c.instant)).scalars())
        missed = connection.execute(select(AUDIT.c.subject, AUDIT.c.detail)).all()
    engine.dispose()
    wanted = [NOON + minute * MINUTE for minute in (2, 3, 4)]
    assert fired == Counter((f"c{n}", instant) for n in range(MANY) for instant in wanted)
    assert next_ones == {LAST + MINUTE}
    assert Counter(subject for subject, _ in missed) == Counter(
        f"contract/c{n}" for n in range(MANY)
    )
    first, last = NOON.isoformat(), (NOON + MINUTE).isoformat()
    assert {detail for _, detail in missed} == {
        f"2 instants from {first} to {last} went by without a run"
    }
