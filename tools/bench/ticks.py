"""What ticking costs: 100,000 schedules, of which 10,000 are due, on either database.

``python -m tools.bench.ticks URL`` fills the database there, which must hold nothing yet, and
prints the figures.
"""

import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Final

from sqlalchemy import Connection, Engine, Table, func, insert, select

from store.engine import create_store_engine, reading, writing
from store.migrate import migrate
from store.sql_store import SqlStore
from store.tables.judging import RUN, SCHEDULE
from store.tables.promise import CONTRACT, DOMAIN, PRODUCT, VERSION
from usecases.pace import Pace
from usecases.tick import tick

_NOW: Final = datetime(2026, 11, 20, 6, tzinfo=UTC)
_LATER: Final = _NOW + timedelta(minutes=1)
_FAR: Final = _NOW + timedelta(days=30)
_ZONES: Final = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")
_AT_ONCE: Final = 5_000
_LOOKS: Final = 50


def measure(database: str, *, schedules: int = 100_000, due: int = 10_000) -> dict[str, float]:
    """Return what it costs to tick in an empty database.

    Args:
        database: Its URL; it is brought to the newest revision first.
        schedules: How many there are, at least twice ``due``: one in four is an interval, the
            others are cron lines of 240 kinds.
        due: How many are due when one scheduler ticks, and as many again when two do.

    Returns:
        ``idle_ms``, a tick that finds nothing, the middle one of 50; ``seconds`` until one
        scheduler, ``seconds_of_two`` until two at once have queued all that is due, and
        ``cpu_seconds``, of those of the one this process's own work; ``queued``,
        ``queued_by_two``, how many runs that made; ``double``, how many of them are of an instant
        that has another.
    """
    engine = create_store_engine(database)
    migrate(engine)
    _fill(engine, schedules, due)
    store = SqlStore(engine)
    found, worked = {"idle_ms": _idle_ms(store)}, time.process_time()
    found["seconds"] = _seconds(store, _NOW, schedulers=1)
    found["cpu_seconds"] = time.process_time() - worked
    found["queued"] = _count(engine)
    found["seconds_of_two"] = _seconds(store, _LATER, schedulers=2)
    found["queued_by_two"] = _count(engine) - found["queued"]
    found["double"] = _doubles(engine)
    engine.dispose()
    return found


def _idle_ms(store: SqlStore) -> float:
    taken = []
    for _ in range(_LOOKS):
        begun = time.perf_counter()
        tick(store, Pace(), now=_NOW - timedelta(minutes=1))
        taken.append(time.perf_counter() - begun)
    return median(taken) * 1000


def _seconds(store: SqlStore, now: datetime, *, schedulers: int) -> float:
    def drain() -> None:
        while tick(store, Pace(), now=now):
            pass

    threads = [threading.Thread(target=drain) for _ in range(schedulers)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begun


def _count(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(RUN)).scalar_one()


def _doubles(engine: Engine) -> int:
    instants = select(SCHEDULE.c.contract_id, RUN.c.instant).select_from(
        RUN.join(SCHEDULE, SCHEDULE.c.id == RUN.c.schedule_id)
    )
    with reading(engine) as connection:
        rows = [tuple(row) for row in connection.execute(instants)]
    return len(rows) - len(set(rows))


def _fill(engine: Engine, schedules: int, due: int) -> None:
    with writing(engine) as connection:
        products = [_product(number) for number in range(schedules // 100 + 1)]
        _insert(connection, DOMAIN, [{"name": "bench"}])
        _insert(connection, PRODUCT, products)
        _insert(connection, CONTRACT, [_contract(number) for number in range(schedules)])
        _insert(connection, VERSION, [_version(number) for number in range(schedules)])
        _insert(connection, SCHEDULE, [_schedule(number, due) for number in range(schedules)])


def _insert(connection: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        connection.execute(insert(table), rows[start : start + _AT_ONCE])


def _product(number: int) -> dict[str, object]:
    key = f"bench.p{number}"
    return {"key": key, "domain": "bench", "name": f"p{number}", "purpose": "", "owner": ""}


def _contract(number: int) -> dict[str, object]:
    return {"id": f"c{number}", "product": f"bench.p{number // 100}"}


def _version(number: int) -> dict[str, object]:
    return {
        "contract_id": f"c{number}",
        "version": "1.0.0",
        "product": f"bench.p{number // 100}",
        "sha256": "0" * 64,
        "media_type": "application/yaml",
        "body": b"",
        "published_at": _NOW - timedelta(days=7),
        "published_by": "bench",
        "current": True,
    }


def _schedule(number: int, due: int) -> dict[str, object]:
    instant = _NOW if number < due else _LATER if number < 2 * due else _FAR
    by_line = number % 4 != 0
    return {
        "contract_id": f"c{number}",
        "cron": f"{number % 60} {12 + number // 60 % 4} * * *" if by_line else None,
        "every": None if by_line else timedelta(hours=1),
        "timezone": _ZONES[number % 4],
        "missed": "run_once",
        "jitter": 0,
        "anchor": _NOW - timedelta(days=7, minutes=30),
        "instant": instant,
        "due_at": instant,
        "paused": False,
    }


if __name__ == "__main__":
    for name, figure in measure(sys.argv[1]).items():
        print(f"{name:<16} {figure:,.2f}")  # noqa: T201 - it is what the command is for
