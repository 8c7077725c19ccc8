"""What is remembered is what is there: for cards, summaries, glances and tokens."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from typing_extensions import override

from access.errors import Unauthenticated
from access.model import Principal
from checks.model import Outcome
from store.engine import create_store_engine
from store.errors import Unremembered
from store.migrate import migrate
from store.sql_store import SqlStore
from tests.api.guests import SAMPLE, Sampler
from tests.cast import ADMIN, ORDERS, OWNER, VIEWER, Clock
from tests.store.serving import serving
from tests.usecases.world import World
from usecases.card import Card, card, glance, summary
from usecases.incidents import acknowledge
from usecases.tokens import authenticate, create_token, revoke_token

KEY = "sales.orders"
SECOND = ORDERS.replace("1.0.0", "1.1.0").replace("mustBeGreaterThan: 0", "mustBeGreaterThan: 1")


@pytest.fixture
def served(database: str) -> Iterator[SqlStore]:
    with serving(Path(database.removeprefix("sqlite:///"))) as store:
        yield store


@pytest.fixture
def world(served: SqlStore, clock: Clock) -> World:
    return World(store=served, clock=clock, judge=Sampler(clock))


def seen(store: SqlStore, by: Principal, clock: Clock) -> Card:
    return replace(card(store, KEY, by=by, clock=clock), facts=None)


def test_an_unchanged_card_is_made_without_reading(world: World):
    world.publish()
    world.pass_time()
    first = card(world.store, KEY, by=ADMIN, clock=world.clock)
    world.clock.pass_(seconds=1)

    again = card(world.store.remembered, KEY, by=ADMIN, clock=world.clock)

    assert again == replace(first, now=world.clock())


def test_time_alone_moves_the_score_of_a_remembered_card(world: World):
    world.publish()
    world.pass_time()
    assurances = []
    for _ in range(4):
        assurances.append(card(world.store, KEY, by=ADMIN, clock=world.clock).score.assurance)
        world.clock.pass_(seconds=10)

    assert assurances == [1.0, 1.0, 0.5, 0.0]


def test_a_score_that_grew_too_old_leaves_a_remembered_card(world: World):
    world.publish()
    world.pass_time()
    counts = []
    for _ in range(3):
        counts.append(len(card(world.store, KEY, by=ADMIN, clock=world.clock).history))
        world.clock.pass_(days=45, seconds=1)

    assert counts == [1, 1, 0]


def test_who_may_not_see_evidence_gets_none_from_what_was_read_for_one_who_may(world: World):
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish()
    world.pass_time()
    shown = []
    for who in (OWNER, VIEWER, OWNER):
        found = card(world.store, KEY, by=who, clock=world.clock)
        samples = {line.result.finding.evidence for line in found.lines} - {None}
        shown.append((found.evidence_shown, samples))

    assert shown == [(True, {SAMPLE}), (False, set()), (True, {SAMPLE})]


def test_a_remembered_token_that_is_revoked_opens_nothing(served: SqlStore, clock: Clock):
    token, secret = create_token(served, VIEWER, by=ADMIN, clock=clock)
    assert authenticate(served, secret, clock=clock) == VIEWER
    assert authenticate(served.remembered, secret, clock=clock) == VIEWER

    revoke_token(served, token.id, by=ADMIN, clock=clock)

    with pytest.raises(Unremembered):
        authenticate(served.remembered, secret, clock=clock)
    with pytest.raises(Unauthenticated):
        authenticate(served, secret, clock=clock)


def test_a_remembered_token_expires_without_any_commit(served: SqlStore, clock: Clock):
    lifetime = timedelta(minutes=1)
    _, secret = create_token(served, VIEWER, by=ADMIN, lifetime=lifetime, clock=clock)
    assert authenticate(served, secret, clock=clock) == VIEWER

    clock.pass_(minutes=1)

    with pytest.raises(Unauthenticated):
        authenticate(served.remembered, secret, clock=clock)


def test_a_secret_that_only_begins_like_a_remembered_one_opens_nothing(
    served: SqlStore, clock: Clock
):
    _, secret = create_token(served, VIEWER, by=ADMIN, clock=clock)
    authenticate(served, secret, clock=clock)

    with pytest.raises(Unauthenticated):
        authenticate(served.remembered, f"{secret}x", clock=clock)


@cache
def empty_database() -> bytes:
    """A migrated, empty database."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        migrate(create_store_engine(f"sqlite:///{path}"))
        return path.read_bytes()


class Reads(RuleBasedStateMachine):
    """One who remembers and one who reads each time, while others write in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.secrets: dict[int, str] = {}
        self.revoked: set[int] = set()

    @initialize()
    def publish(self) -> None:
        path = self.folder / "assay.db"
        path.write_bytes(empty_database())
        self.plain = SqlStore(create_store_engine(f"sqlite:///{path}"))
        self.opened = serving(path)
        self.served = self.opened.__enter__()
        # Some of what happens goes through the store that serves, some through another.
        self.worlds = [
            World(store=store, clock=self.clock, judge=Sampler(self.clock))
            for store in (self.plain, self.served)
        ]
        self.worlds[0].publish()

    @rule(place=st.integers(0, 1), outcome=st.sampled_from(list(Outcome)))
    def judge(self, place: int, outcome: Outcome) -> None:
        self.worlds[place].judge.said = {"enum": outcome}
        self.worlds[place].pass_time()

    @rule(place=st.integers(0, 1), text=st.sampled_from([ORDERS, SECOND]))
    def publish_again(self, place: int, text: str) -> None:
        self.worlds[place].publish(text)

    @rule(place=st.integers(0, 1))
    def take_on(self, place: int) -> None:
        for incident in seen(self.plain, ADMIN, self.clock).incidents:
            if incident.state.open and incident.acknowledged_by is None:
                acknowledge(self.worlds[place].store, incident.id, by=OWNER, clock=self.clock)

    @rule(seconds=st.sampled_from([1, 10, 25, 3600, 40 * 86_400]))
    def wait(self, seconds: int) -> None:
        self.clock.pass_(seconds=seconds)

    @rule(place=st.integers(0, 1), lifetime=st.sampled_from([None, timedelta(seconds=20)]))
    def let_in(self, place: int, lifetime: timedelta | None) -> None:
        store = self.worlds[place].store
        token, secret = create_token(store, VIEWER, by=ADMIN, lifetime=lifetime, clock=self.clock)
        self.secrets[token.id] = secret

    @rule(place=st.integers(0, 1))
    def revoke(self, place: int) -> None:
        for number in sorted(set(self.secrets) - self.revoked)[:1]:
            revoke_token(self.worlds[place].store, number, by=ADMIN, clock=self.clock)
            self.revoked.add(number)

    @invariant()
    def both_see_the_same(self) -> None:
        for by in (ADMIN, VIEWER, OWNER):
            assert seen(self.served, by, self.clock) == seen(self.plain, by, self.clock)
        for look in (partial(summary, by=VIEWER), glance):
            served, plain = (
                look(store, KEY, clock=self.clock) for store in (self.served, self.plain)
            )
            assert served == plain

    @invariant()
    def both_let_in_the_same(self) -> None:
        for number, secret in self.secrets.items():
            opened = self.opens(self.served, secret)
            assert opened == self.opens(self.plain, secret)
            assert not (opened and number in self.revoked)

    def opens(self, store: SqlStore, secret: str) -> bool:
        try:
            return authenticate(store, secret, clock=self.clock) == VIEWER
        except Unauthenticated:
            return False

    @override
    def teardown(self) -> None:
        self.opened.__exit__(None, None, None)
        shutil.rmtree(self.folder)


TestReads = Reads.TestCase
TestReads.settings = settings(
    max_examples=8,
    stateful_step_count=8,
    suppress_health_check=[HealthCheck.too_slow],
)
