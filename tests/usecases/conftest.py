import pytest

from store.sql_store import SqlStore
from tests.cast import Clock, Judge
from tests.usecases.world import World


@pytest.fixture
def world(store: SqlStore, clock: Clock) -> World:
    return World(store=store, clock=clock, judge=Judge(clock))
