"""Each kind of harm, planted in a database that was well, is counted as what it is."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, update

from checks.model import Outcome
from products.model import Connection as Place
from store.engine import create_store_engine, reading, writing
from store.sql_store import SqlStore
from store.tables.feed import HAPPENED
from store.tables.judging import RUN, SNAPSHOT, STANDING
from store.tables.trouble import EVENT, INCIDENT, NOTICE
from tests.cast import ADMIN, NOON, Clock, Judge
from tests.usecases.world import World
from tools.chaos.asking import Asked
from tools.chaos.count import Faulty, Seen, count
from tools.chaos.receiver import Delivery
from tools.chaos.world import PROMISES
from usecases.connections import put_connection
from usecases.publish import publish

HOOK = "http://127.0.0.1:9"


class Kept:
    """A small service that was in trouble and is well again, its database, and what was seen."""

    def __init__(self, database: str) -> None:
        self.engine = create_store_engine(database)
        self.clock = Clock()
        self.judge = Judge(self.clock)
        self.world = World(store=SqlStore(self.engine), clock=self.clock, judge=self.judge)
        self.asked = Asked()

    def live(self) -> None:
        place = Place(name="local", source="files", roots=(Path("/lake"),))
        put_connection(self.world.store, place, by=ADMIN, clock=self.clock)
        publish(self.world.store, PROMISES[0].document(HOOK), by=ADMIN, clock=self.clock)
        for outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.PASSED, Outcome.PASSED):
            self.judge.outcome = outcome
            self.world.pass_time(seconds=5)

    def seen(self) -> Seen:
        deliveries = [
            Delivery(path="/orders", key=notice.key, event=notice.key, taken=True)
            for notice in self.world.posted
        ]
        return Seen(asked=self.asked, deliveries=deliveries, logs=())

    def harm(self, harm: Callable[[Connection], object]) -> None:
        with writing(self.engine) as connection:
            harm(connection)

    def count(self, seen: Seen | None = None) -> dict[str, int]:
        """What is not 0."""
        with reading(self.engine) as connection:
            found: Faulty = count(connection, seen or self.seen())
        return {name: number for name, number in asdict(found).items() if number}


@pytest.fixture
def kept(database: str) -> Kept:
    made = Kept(database)
    made.live()
    return made


def again(connection: Connection) -> None:
    ended = select(*(part for part in HAPPENED.c if part.name != "id"))
    row = connection.execute(ended.where(HAPPENED.c.kind == "run.finished").limit(1)).mappings()
    connection.execute(insert(HAPPENED).values(dict(row.one())))


def reopened(connection: Connection) -> None:
    opened = select(*(part for part in EVENT.c if part.name != "id")).where(
        EVENT.c.kind == "opened"
    )
    row = dict(connection.execute(opened).mappings().one())
    for _ in range(2):
        connection.execute(insert(EVENT).values(row))


HARM: dict[str, Callable[[Connection], object]] = {
    "unfinished": lambda at: at.execute(update(RUN).where(RUN.c.id == 4).values(state="queued")),
    "recorded_twice": again,
    "never_fired": lambda at: at.execute(
        update(RUN).where(RUN.c.id == 2).values(instant=NOON + timedelta(days=1))
    ),
    "untold": lambda at: at.execute(
        update(NOTICE).where(NOTICE.c.key.contains("resolved")).values(key="incident:9:opened:1")
    ),
    "unsent": lambda at: at.execute(update(NOTICE).where(NOTICE.c.id == 2).values(state="retry")),
    "doubled_incidents": reopened,
    "wrong_scores": lambda at: at.execute(update(SNAPSHOT).values(quality=12.0)),
    "baseless": lambda at: at.execute(update(STANDING).values(judged_run=2)),
}


def test_a_service_that_was_in_trouble_and_is_well_counts_nothing(kept: Kept):
    with reading(kept.engine) as connection:
        incidents = connection.execute(select(INCIDENT.c.state)).scalars().all()

    assert (kept.count(), incidents) == ({}, ["resolved"])
    assert len(kept.world.posted) == 2


@pytest.mark.parametrize("name", HARM)
def test_planted_harm_is_counted(name: str, kept: Kept):
    kept.harm(HARM[name])

    assert kept.count().get(name, 0) > 0


def test_a_run_that_was_promised_and_is_not_there_is_unfinished(kept: Kept):
    kept.asked.accepted["key"] = (99,)

    assert kept.count() == {"unfinished": 1}


def test_a_repeat_that_was_answered_otherwise_is_counted(kept: Kept):
    kept.asked.differing.append("key")

    assert kept.count() == {"asked_twice": 1}


def test_what_the_receiver_never_took_was_not_received(kept: Kept):
    refused = [replace(one, taken=False) for one in kept.seen().deliveries]

    assert kept.count(replace(kept.seen(), deliveries=refused)) == {"not_received": 2}


def test_a_delivery_under_a_key_that_no_outbox_knows_is_a_repeat(kept: Kept):
    strange = Delivery(path="/orders", key="other", event="other", taken=True)
    seen = kept.seen()

    assert kept.count(replace(seen, deliveries=[*seen.deliveries, strange])) == {"repeated": 1}


def test_a_log_that_tells_of_a_locked_database_is_counted(kept: Kept, tmp_path: Path):
    log = tmp_path / "api.log"
    log.write_text("all is well\n(sqlite3.OperationalError) database is locked\n")

    assert kept.count(replace(kept.seen(), logs=[log])) == {"locked": 1}
