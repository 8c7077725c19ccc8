from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter

from access.model import Principal
from api import tags
from api.app import create_app
from api.models.products import Scorecard
from api.written import write
from checks.model import Outcome
from runtime.settings import Settings
from store.sql_store import SqlStore
from tests.api.guests import Guest, Sampler, problem_of
from tests.cast import ADMIN, ORDERS, OWNER, VIEWER, Clock
from tests.store.serving import serving
from tests.usecases.world import World
from usecases import documents
from usecases.card import card
from usecases.tokens import create_token, revoke_token

KEY = "sales.orders"
CARD = f"/api/v1/products/{KEY}/scorecard"
# A text that would be mistaken for the moment of asking, were it not escaped.
TRAP = ORDERS.replace("purpose: Every order.", """purpose: '"at":"2001-01-01T00:00:00Z" äöü'""")


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    """A store that remembers, as the service has."""
    with serving(Path(database.removeprefix("sqlite:///"))) as opened:
        yield opened


@pytest.fixture
def world(store: SqlStore, clock: Clock) -> World:
    world = World(store=store, clock=clock, judge=Sampler(clock))
    world.judge.said = {"enum": Outcome.FAILED}
    world.publish(TRAP)
    world.pass_time()
    return world


@pytest.fixture
def app(store: SqlStore, settings: Settings, clock: Clock) -> FastAPI:
    return create_app(store, settings, clock)


def as_the_shape_says(world: World, by: Principal, at: datetime | None = None) -> bytes:
    """The body that is validated and written whole, from what is read anew."""
    plain = SqlStore(world.store._engine)  # the same database, remembering nothing
    document = documents.card(card(plain, KEY, by=by, clock=world.clock, at=at))
    shape = TypeAdapter(Scorecard)
    return shape.dump_json(shape.validate_python(document), by_alias=True)


@pytest.mark.parametrize("by", [OWNER, VIEWER])
def test_what_is_written_in_parts_has_the_bytes_of_what_is_written_whole(world: World, by):
    steps: list[Callable[[], object]] = [
        lambda: world.clock.pass_(microseconds=7),
        lambda: world.clock.pass_(seconds=15),
        lambda: world.clock.pass_(days=2),
        world.pass_time,
        lambda: world.publish(TRAP.replace("1.0.0", "1.1.0")),
    ]
    for step in steps:
        step()

        body, tag = write(card(world.store, KEY, by=by, clock=world.clock))

        assert body == as_the_shape_says(world, by)
        assert tag == tags.weak(CARD, body)


def test_a_card_of_the_past_is_written_as_its_shape_says(world: World):
    at = world.clock() - timedelta(seconds=5)
    world.pass_time()

    body, tag = write(card(world.store, KEY, by=OWNER, clock=world.clock, at=at))

    assert body == as_the_shape_says(world, OWNER, at=at)
    assert tag == tags.weak(CARD, body)


def test_what_was_written_for_one_who_sees_evidence_is_not_given_to_one_who_does_not(
    world: World, invite
):
    guests = [invite(OWNER), invite(VIEWER), invite(OWNER), invite(VIEWER)]

    answers = [guest.get(CARD) for guest in guests]

    assert ["gone" in answer.text for answer in answers] == [True, False, True, False]
    assert [answer.json()["evidence_shown"] for answer in answers] == [True, False, True, False]


def test_a_moment_later_only_the_moment_is_another(world: World, viewer: Guest):
    first = viewer.get(CARD)
    world.clock.pass_(seconds=1)

    second = viewer.get(CARD)

    assert second.json() == {**first.json(), "at": "2026-11-20T12:00:11Z"}
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["content-type"] == "application/json"


def test_a_token_that_is_revoked_opens_no_remembered_card(world: World, app: FastAPI):
    token, secret = create_token(world.store, VIEWER, by=ADMIN, clock=world.clock)
    guest = Guest(app, secret)
    assert [guest.get(CARD).status_code for _ in range(2)] == [200, 200]

    revoke_token(world.store, token.id, by=ADMIN, clock=world.clock)

    assert problem_of(guest.get(CARD)) == (401, "unauthenticated")


def test_a_token_that_expires_opens_no_remembered_card(world: World, app: FastAPI):
    lifetime = timedelta(minutes=1)
    _, secret = create_token(world.store, VIEWER, by=ADMIN, lifetime=lifetime, clock=world.clock)
    guest = Guest(app, secret)
    assert guest.get(CARD).status_code == 200

    world.clock.pass_(minutes=1)

    assert problem_of(guest.get(CARD)) == (401, "unauthenticated")


def test_a_role_that_is_another_counts_at_the_next_question(world: World, app: FastAPI):
    _, secret = create_token(world.store, OWNER, by=ADMIN, clock=world.clock)
    _, other = create_token(
        world.store, replace(OWNER, domain="logistics"), by=ADMIN, clock=world.clock
    )

    shown = [Guest(app, one).get(CARD).json()["evidence_shown"] for one in (secret, other, secret)]

    assert shown == [True, False, True]
