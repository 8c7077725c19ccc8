"""What who asks for runs is told when too many wait."""

import pytest

from runtime.settings import Settings
from tests.api.guests import Guest
from tests.usecases.world import World

RUNS = "/api/v1/products/sales.orders/runs"


@pytest.fixture
def settings() -> Settings:
    return Settings(public_url="http://testserver", cache_seconds=0, queue_limit=1)


def test_beyond_the_bound_a_request_is_refused_with_what_to_do(world: World, producer: Guest):
    world.publish()
    assert producer.post(RUNS).status_code == 202

    refused = producer.post(RUNS)

    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "30"
    told = refused.json()
    assert (told["type"], told["waiting"]) == ("urn:assay:problem:queue-full", 1)
    assert told["title"] == "Too Many Requests"
    assert "ASSAY_QUEUE_LIMIT" in told["detail"]


def test_when_one_was_judged_there_is_room_again(world: World, producer: Guest):
    world.publish()
    producer.post(RUNS)
    world.drain()

    assert producer.post(RUNS).status_code == 202
