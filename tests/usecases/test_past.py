"""A card of a past moment is the card that was read at that moment."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.model import Outcome
from contracts.errors import InvalidContract
from store.engine import create_store_engine
from store.sql_store import SqlStore
from tests.api.guests import SAMPLE, Sampler
from tests.cast import ADMIN, NOON, ORDERS, OWNER, VIEWER, Clock, Judge
from tests.store.anywhere import on_postgresql
from tests.usecases.world import World
from usecases import documents
from usecases.card import Card, card
from usecases.errors import Conflict, NoCardYet, NotFound, NotYet
from usecases.incidents import acknowledge, resolve
from usecases.pace import Pace
from usecases.promised import Promised
from usecases.request_run import request_run
from usecases.schedules import Wish, set_schedule
from usecases.tick import tick

KEY = "sales.orders"
ENUM = "        enum: [{value: open}, {value: done}]\n"
RULE = "      - id: some-rows\n        metric: rowCount\n        mustBeGreaterThan: 0\n"


def text(number: int, *changes: str, name: str = "orders") -> str:
    """The contract as version ``number``, with ``changes`` made to it."""
    found = ORDERS.replace("version: 1.0.0", f"version: 1.{number}.0")
    found = found.replace("id: orders\n", f"id: {name}\n", 1)
    for change in changes:
        found = CHANGES[change](found)
    return found


CHANGES: dict[str, Callable[[str], str]] = {
    "same": lambda found: found,
    "less": lambda found: found.replace(ENUM, ""),
    "weaker": lambda found: found.replace(RULE, f"{RULE}        severity: low\n"),
    "critical": lambda found: found.replace(RULE, f"{RULE}        severity: critical\n"),
    "other-words": lambda found: found.replace("GreaterThan: 0", "GreaterThan: 5"),
    "slower": lambda found: found.replace("every 10s", "every 1h"),
    "cron": lambda found: found.replace("every 10s", "'*/5 * * * *'"),
    "unscheduled": lambda found: found[: found.index("customProperties:\n  - property: assaySch")],
    "renamed": lambda found: found.replace("purpose: Every order.", "purpose: Some orders."),
    "elsewhere": lambda found: found.replace("dataProduct: orders", "dataProduct: moved"),
}
steps = st.one_of(
    st.tuples(
        st.just("publish"), st.sampled_from(sorted(CHANGES)), st.sampled_from(["orders", "b"])
    ),
    st.tuples(
        st.just("run"),
        st.sampled_from(["enum", "some-rows", "unique", ""]),
        st.sampled_from([Outcome.FAILED, Outcome.ERRORED, Outcome.PASSED]),
    ),
    st.tuples(st.just("wait"), st.sampled_from([1, 10, 60, 3600, 90_000, 3_000_000])),
    st.tuples(st.just("ask")),
    st.tuples(st.just("person"), st.sampled_from(["acknowledge", "resolve"])),
)


LONG = (
    ("publish", "same", "orders"),
    ("run", "enum", Outcome.FAILED),
    ("person", "acknowledge"),
    ("publish", "less", "b"),
    ("run", "some-rows", Outcome.ERRORED),
    ("publish", "less", "orders"),
    ("wait", 90_000),
    ("run", "", Outcome.ERRORED),
    ("run", "", Outcome.ERRORED),
    ("publish", "slower", "orders"),
    ("ask",),
    ("run", "enum", Outcome.PASSED),
    ("person", "resolve"),
    ("publish", "elsewhere", "b"),
    ("wait", 3_000_000),
    ("publish", "cron", "orders"),
)


class Story:
    """Plays steps, and reads the card after each."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.numbers = count(1)
        self.seen: list[tuple[datetime, documents.Document]] = []

    def play(self, *step: object) -> None:
        getattr(self, f"_{step[0]}")(*step[1:])
        self._look()

    def _publish(self, change: str, name: str) -> None:
        self.world.publish(text(next(self.numbers), change, name=name))

    def _run(self, clause: str, outcome: Outcome) -> None:
        self.world.judge.said = {clause: outcome}
        self.world.pass_time(10)

    def _wait(self, seconds: float) -> None:
        self.world.clock.pass_(seconds=seconds)

    def _ask(self) -> None:
        try:
            request_run(self.world.store, KEY, by=ADMIN, clock=self.world.clock)
        except NotFound:
            return

    def _person(self, does: str) -> None:
        with self.world.store.read() as shelf:
            found = shelf.incidents.page(product=KEY, only_open=True, before=None, limit=1)
        store, clock = self.world.store, self.world.clock
        for incident in found:
            if does == "acknowledge":
                acknowledge(store, incident.id, by=ADMIN, clock=clock)
            else:
                resolve(store, incident.id, by=ADMIN, reason="well", clock=clock)

    def _pause(self, paused: bool) -> None:  # noqa: FBT001 - a step of the story
        wish = Wish(paused=paused, reason="moving house" if paused else "")
        set_schedule(self.world.store, "orders", wish, by=ADMIN, clock=self.world.clock)

    def _die(self) -> None:
        now = self.world.clock()
        with self.world.store.write() as shelf:
            shelf.runs.claim(1, owner="dead", now=now, lease_until=now + timedelta(seconds=9))

    def _reap(self) -> None:
        self.world.pace = Pace(attempts=1)
        self.world.reap()

    def agrees(self) -> None:
        """Each card that was read is what is told of its moment now."""
        for at, read in self.seen:
            then = card(self.world.store, KEY, by=VIEWER, clock=self.world.clock, at=at)
            assert documents.card(then) == read

    def _look(self) -> None:
        tick(self.world.store, self.world.pace, now=self.world.clock())
        try:
            found = card(self.world.store, KEY, by=VIEWER, clock=self.world.clock)
        except NotFound:
            pass
        else:
            self.seen.append((self.world.clock(), documents.card(found)))
        self.world.clock.pass_(seconds=1)


@pytest.fixture
def stories(_empty_database: Path, tmp_path: Path) -> Callable[[], Story]:
    """Begin a story in a database of its own."""

    def begin() -> Story:
        path = tmp_path / f"{uuid4().hex}.db"
        shutil.copy(_empty_database, path)
        clock = Clock()
        store = SqlStore(create_store_engine(f"sqlite:///{path}"))
        return Story(World(store=store, clock=clock, judge=Judge(clock)))

    return begin


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=25,
)
@given(played=st.lists(steps, max_size=14))
def test_a_card_of_a_past_moment_is_the_card_that_was_read_then(
    stories: Callable[[], Story], played: list[tuple[object, ...]]
):
    story = stories()
    story.play("publish", "same", "orders")

    for step in played:
        story.play(*step)

    story.agrees()


@pytest.mark.integration
@pytest.mark.enable_socket
def test_so_it_is_on_postgresql():
    clock = Clock()
    with on_postgresql() as engine:
        story = Story(World(store=SqlStore(engine), clock=clock, judge=Judge(clock)))

        for step in LONG:
            story.play(*step)

        assert len(story.seen) == len(LONG)
        story.agrees()


def test_a_pause_of_the_schedule_is_on_the_card_of_then(stories: Callable[[], Story]):
    story = stories()
    story.play("publish", "same", "orders")
    for wish in (True, False, True):
        story.play("pause", wish)
        story.play("wait", 60)

    paused = ['"paused": true' in json.dumps(read) for _, read in story.seen]
    assert paused == [False, True, True, False, False, True, True]
    story.agrees()


def test_a_run_that_was_lost_waited_before_it_was_taken_up(stories: Callable[[], Story]):
    story = stories()
    story.play("publish", "unscheduled", "orders")
    story.play("ask")
    story.play("die")
    story.play("wait", 60)
    story.play("reap")

    assert [read["lost_runs"] for _, read in story.seen] == [0, 0, 0, 0, 1]
    story.agrees()


def test_a_moment_that_lies_ahead_is_refused(world: World):
    world.publish()

    with pytest.raises(NotYet, match=r"^2026-11-20 12:00:01 UTC lies ahead: give a moment up to "):
        look(world, NOON + timedelta(seconds=1))


def test_before_the_first_publishing_there_is_no_card(world: World):
    world.publish()

    with pytest.raises(NoCardYet) as raised:
        look(world, NOON - timedelta(hours=1))

    assert str(raised.value) == (
        "there is no card of 'sales.orders' at 2026-11-20 11:00:00 UTC: "
        "it was first published at 2026-11-20 12:00:00 UTC"
    )


def test_an_unknown_product_had_no_card_either(world: World):
    with pytest.raises(NotFound, match=r"there is no product 'sales.orders'"):
        look(world, NOON)


def test_a_version_that_a_newer_release_refuses_is_told_from_a_missing_one(
    world: World, monkeypatch
):
    world.publish()
    monkeypatch.setattr("usecases.promised.read_promised", refuse)

    with pytest.raises(Conflict, match=r"version 1.0.0 of 'orders', which was current then"):
        look(world, NOON)


def test_evidence_of_the_past_is_for_who_may_see_it_now(world: World):
    world.judge = Sampler(world.clock)
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()
    at = world.clock()

    shown = card(world.store, KEY, by=OWNER, clock=world.clock, at=at)
    hidden = look(world, at)

    assert shown.evidence_shown
    assert SAMPLE in {line.result.finding.evidence for line in shown.lines}
    assert {line.result.finding.evidence for line in hidden.lines} == {None}


def look(world: World, at: datetime) -> Card:
    return card(world.store, KEY, by=VIEWER, clock=world.clock, at=at)


def refuse(_body: bytes) -> Promised:
    raise InvalidContract(())
