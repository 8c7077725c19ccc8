from collections.abc import Callable

import pytest
from fastapi import FastAPI

from access.model import Principal
from api.app import create_app
from runtime.settings import Settings
from store.sql_store import SqlStore
from tests.api.guests import Guest, Sampler
from tests.cast import ADMIN, OWNER, PRODUCER, STRANGER, VIEWER, Clock
from tests.usecases.world import World
from usecases.tokens import create_token

Invite = Callable[[Principal], Guest]


@pytest.fixture
def settings() -> Settings:
    return Settings(public_url="http://testserver", public_badges=False, cache_seconds=0)


@pytest.fixture
def world(store: SqlStore, clock: Clock) -> World:
    return World(store=store, clock=clock, judge=Sampler(clock))


@pytest.fixture
def app(store: SqlStore, settings: Settings, clock: Clock) -> FastAPI:
    return create_app(store, settings, clock)


@pytest.fixture
def invite(app: FastAPI, store: SqlStore, clock: Clock) -> Invite:
    """Give somebody a token and return their client."""

    def let_in(principal: Principal) -> Guest:
        _, secret = create_token(store, principal, by=ADMIN, clock=clock)
        return Guest(app, secret)

    return let_in


@pytest.fixture
def nobody(app: FastAPI) -> Guest:
    return Guest(app, None)


@pytest.fixture
def admin(invite: Invite) -> Guest:
    return invite(ADMIN)


@pytest.fixture
def owner(invite: Invite) -> Guest:
    return invite(OWNER)


@pytest.fixture
def producer(invite: Invite) -> Guest:
    return invite(PRODUCER)


@pytest.fixture
def viewer(invite: Invite) -> Guest:
    return invite(VIEWER)


@pytest.fixture
def stranger(invite: Invite) -> Guest:
    return invite(STRANGER)
