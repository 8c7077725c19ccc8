from access.event import EventKind
from checks.model import Outcome
from tests.cast import ORDERS, OWNER, VIEWER
from tests.usecases.world import World
from usecases.card import card
from usecases.events import Wanted, follow
from usecases.schedules import Wish, set_schedule
from usecases.watch import watch_assurance

HOURLY = ORDERS.replace("every 10s", "every 1h")


def look(world: World, minutes: float = 2) -> int:
    world.clock.pass_(minutes=minutes)
    return watch_assurance(world.store, now=world.clock())


def falls(world: World):
    wanted = Wanted(kinds=[EventKind.ASSURANCE_LOW])
    found = follow(world.store, by=VIEWER, after=0, limit=100, wanted=wanted)
    return [event.facts for event in found.events]


def judged(world: World) -> None:
    world.publish(HOURLY)
    world.pass_time(3600)
    look(world)


def test_a_fall_by_time_alone_is_told_once(world: World):
    judged(world)

    for _ in range(8):
        look(world, 30)

    assert falls(world) == [{"assurance": 0.5, "before": 1.0}]


def test_a_fall_while_nobody_looked_is_told_late_and_once(world: World):
    judged(world)

    look(world, 60 * 24 * 5)
    look(world)

    assert falls(world) == [{"assurance": 0.0, "before": 1.0}]


def test_each_fall_is_told(world: World):
    judged(world)
    look(world, 180)
    world.pass_time(0)
    look(world)
    look(world, 180)

    assert len(falls(world)) == 2


def test_a_product_that_was_never_assured_does_not_fall(world: World):
    world.publish(HOURLY)
    look(world)

    look(world, 60 * 24 * 5)

    assert falls(world) == []


def test_a_new_version_with_new_promises_is_no_fall(world: World):
    judged(world)
    more = "  - name: more\n    properties: [{name: id, required: true, unique: true}]\nteam:"
    text = HOURLY.replace("version: 1.0.0", "version: 1.1.0")
    schema = text[text.index("schema:") : text.index("customProperties:\n  - property: assayS")]
    world.publish(text.replace(schema, "").replace("team:", schema + more, 1))

    look(world)

    now = card(world.store, "sales.orders", by=VIEWER, clock=world.clock)
    assert now.score.assurance < 0.8
    assert falls(world) == []


def test_a_failure_that_stands_is_not_worn_away(world: World):
    world.judge.outcome = Outcome.FAILED
    judged(world)

    look(world, 60 * 24 * 5)

    assert falls(world) == []


def test_a_paused_product_falls_like_any_other(world: World):
    judged(world)
    set_schedule(
        world.store, "orders", Wish(paused=True, reason="rest"), by=OWNER, clock=world.clock
    )

    look(world, 180)

    assert len(falls(world)) == 1


def test_a_product_is_looked_at_once_a_minute(world: World):
    world.publish(HOURLY)

    assert [look(world, 0), look(world, 0.5), look(world, 0.5)] == [1, 0, 1]
