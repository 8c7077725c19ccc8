"""What a worker does with what it judged when the database is away."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event
from typing_extensions import override

from checks.model import Outcome
from runs.model import RunState
from store.engine import create_store_engine
from store.errors import StoreConflict, StoreUnavailable
from store.sql_store import SqlShelf, SqlStore
from tests.cast import ADMIN, Clock, Judge
from tests.checks.postgres import MARKS, reached
from tests.databases import postgres_database
from tests.usecases.world import LEASE, World
from usecases.execute_run import execute_run
from usecases.history import run_detail
from usecases.request_run import request_run
from worker.patience import Patience

SHORT = timedelta(seconds=0.5)


class Write:
    """Raises each fault once, then works."""

    def __init__(self, *faults: Exception) -> None:
        self.faults = list(faults)
        self.tried = 0

    def __call__(self) -> bool:
        self.tried += 1
        if self.faults:
            raise self.faults.pop(0)
        return True


def test_what_cannot_be_written_is_written_when_the_database_is_back(logs):
    write = Write(StoreUnavailable("gone"))

    assert Patience(timedelta(seconds=30)).persist(write)

    assert write.tried == 2
    assert [event["log_level"] for event in logs] == ["warning"]


def test_after_a_lease_it_gives_up_and_says_so_in_two_lines(logs):
    write = Write(*[StoreUnavailable("gone")] * 99)

    assert Patience(SHORT).persist(write) is False

    assert [event["event"] for event in logs] == [
        "cannot record: the database is away",
        "gave up recording: the run is judged again",
    ]


def test_what_is_no_absence_is_not_tried_again():
    write = Write(StoreConflict("there already"))

    with pytest.raises(StoreConflict):
        Patience(SHORT).persist(write)

    assert write.tried == 1


@pytest.fixture(params=[pytest.param(None, marks=MARKS)])
def far(clock: Clock) -> Iterator[tuple[World, Engine]]:
    """A world on PostgreSQL, and the engine below it."""
    with postgres_database() as url:
        engine = create_store_engine(url)
        yield World(store=SqlStore(engine), clock=clock, judge=Judge(clock)), engine
        engine.dispose()


def terminate(numbers: set[int]) -> None:
    with reached() as connection:
        for number in numbers:
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", (number,))


def asked(world: World) -> int:
    world.publish()
    (run,) = request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)
    return run.id


def cut_off(world: World, engine: Engine, times: int) -> SqlStore:
    """A store whose backend is terminated at the end of each of its first ``times`` recordings."""
    numbers: set[int] = set()
    left = [times]

    @event.listens_for(engine, "checkout")
    def remember(connection, _record, _proxy) -> None:
        numbers.add(connection.info.backend_pid)

    class CutOff(SqlStore):
        @override
        @contextmanager
        def write(self) -> Iterator[SqlShelf]:
            with super().write() as shelf:
                yield shelf
                if world.judge.asked and left[0]:
                    left[0] -= 1
                    terminate(numbers)
                    numbers.clear()

    return CutOff(engine)


def test_a_database_that_breaks_off_in_mid_transaction_costs_no_result(
    far: tuple[World, Engine], logs
):
    world, engine = far
    run_id = asked(world)
    executor = replace(world.executor(), persist=Patience(LEASE).persist)

    assert execute_run(cut_off(world, engine, 1), run_id, executor)

    detail = run_detail(world.store, run_id, by=ADMIN)
    assert (detail.run.state, detail.run.attempt) == (RunState.DONE, 1)
    assert len(detail.results) == 10
    assert [event["event"] for event in logs] == ["cannot record: the database is away"]


def test_a_database_that_stays_away_leaves_no_result_and_the_run_is_judged_again(
    far: tuple[World, Engine],
):
    world, engine = far
    run_id = asked(world)

    executor = replace(world.executor(), persist=Patience(SHORT).persist)

    assert execute_run(cut_off(world, engine, 99), run_id, executor) is False

    detail = run_detail(world.store, run_id, by=ADMIN)
    assert (detail.run.state, detail.results) == (RunState.RUNNING, ())
    world.clock.pass_(seconds=LEASE.total_seconds() + 1)
    assert world.reap() == 1
    assert execute_run(world.store, run_id, world.executor())
    again = run_detail(world.store, run_id, by=ADMIN)
    assert (again.run.state, again.run.attempt) == (RunState.DONE, 2)
    assert {result.finding.outcome for result in again.results} >= {Outcome.PASSED}
