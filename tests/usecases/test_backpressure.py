import pytest

from tests.cast import ADMIN
from tests.usecases.world import World
from usecases.backpressure import require_room
from usecases.errors import QueueFull
from usecases.request_run import request_run


def test_there_is_room_until_as_many_wait_as_may(world: World):
    world.publish()
    require_room(world.store, 1)
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)

    with pytest.raises(QueueFull, match="1 runs wait to be judged") as caught:
        require_room(world.store, 1)

    assert caught.value.waiting == 1
    require_room(world.store, 2)


def test_a_run_that_was_taken_waits_no_more(world: World):
    world.publish()
    request_run(world.store, "sales.orders", by=ADMIN, clock=world.clock)

    assert world.drain() == [True]

    require_room(world.store, 1)
