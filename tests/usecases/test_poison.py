"""A contract that kills its worker each time: lost in the end, told once, and nobody else waits."""

from datetime import timedelta

from runs.model import RunState
from tests.cast import ADMIN, ORDERS
from tests.usecases.world import LEASE, World
from usecases.execute_run import execute_run
from usecases.history import list_runs
from usecases.request_run import request_run
from usecases.send_notices import send_notices


def unscheduled(name: str) -> str:
    text = ORDERS[: ORDERS.index("customProperties:\n  - property: assaySch")]
    renamed = text.replace("id: orders\nname: orders", f"id: {name}\nname: {name}")
    return renamed.replace("dataProduct: orders", f"dataProduct: {name}")


def kill(world: World, run_id: int) -> None:
    """Let a worker take the run and die."""
    now = world.clock()
    with world.store.write() as shelf:
        assert shelf.runs.claim(run_id, owner="dead", now=now, lease_until=now + LEASE)
    world.clock.now += LEASE + timedelta(seconds=1)
    world.reap()
    send_notices(world.store, world.post, clock=world.clock, url="")


def test_a_poison_contract_is_lost_and_told_once_while_others_go_on(world: World):
    world.publish(unscheduled("poison"))
    world.publish(unscheduled("sound"))
    (poison,) = request_run(world.store, "sales.poison", by=ADMIN, clock=world.clock)
    sound = []

    for _ in range(world.pace.attempts):
        (run,) = request_run(world.store, "sales.sound", by=ADMIN, clock=world.clock)
        kill(world, poison.id)
        assert execute_run(world.store, run.id, world.executor())
        sound.append(run.id)
    for _ in range(3):
        world.clock.pass_(seconds=60)
        world.reap()
        send_notices(world.store, world.post, clock=world.clock, url="")

    found = {run.id: run for run in list_runs(world.store, by=ADMIN, before=None, limit=9)}
    assert (found[poison.id].state, found[poison.id].attempt) == (RunState.LOST, 2)
    assert [found[number].state for number in sound] == [RunState.DONE] * 2
    assert [notice.message.subject for notice in world.posted if "poison" in notice.message.text]
    assert len(world.posted) == 1
