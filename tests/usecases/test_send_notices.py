from notifications.model import NoticeState
from notifications.retry import backoff
from tests.cast import VIEWER
from tests.usecases.test_incidents import break_
from tests.usecases.world import World
from usecases.incidents import incident_detail
from usecases.send_notices import send_notices


def state(world: World, incident_id: int):
    (notice,) = incident_detail(world.store, incident_id, by=VIEWER).notices
    return notice.state, notice.attempt


def send(world: World) -> int:
    return send_notices(world.store, world.post, clock=world.clock)


def test_what_was_sent_is_not_sent_again(world: World):
    incident_id = break_(world)

    assert send(world) == 0
    assert state(world, incident_id) == (NoticeState.SENT, 1)


def test_a_passing_fault_is_tried_again_later_with_the_same_key(world: World):
    world.broken_post = "the server is busy"
    incident_id = break_(world)
    after_first = state(world, incident_id)
    world.broken_post = ""

    too_early = send(world)
    world.clock.pass_(days=1)
    send(world)

    assert (after_first, too_early) == ((NoticeState.RETRY, 1), 0)
    assert state(world, incident_id) == (NoticeState.SENT, 2)
    assert world.posted[0].key == f"incident:{incident_id}:opened:1"


def test_a_lasting_fault_is_a_dead_letter_at_once(world: World):
    world.broken_post = "the mailbox is gone"

    incident_id = break_(world)

    assert state(world, incident_id) == (NoticeState.DEAD, 1)
    with world.store.read() as shelf:
        assert shelf.notices.count_dead() == 1


def test_what_never_arrives_is_given_up_in_the_end(world: World):
    world.broken_post = "the server is busy"
    incident_id = break_(world)

    for _ in range(50):
        world.clock.pass_(days=2)
        send(world)

    assert state(world, incident_id)[0] is NoticeState.DEAD
    assert backoff(state(world, incident_id)[1], "k") is None


def test_a_channel_that_breaks_in_an_unforeseen_way_is_a_passing_fault(world: World):
    world.broken_post = "the server is busy"
    incident_id = break_(world)
    world.clock.pass_(days=1)

    def post(notice):
        raise ZeroDivisionError("oops")

    send_notices(world.store, post, clock=world.clock)

    assert state(world, incident_id) == (NoticeState.RETRY, 2)


def test_a_sender_that_died_is_followed_by_another(world: World):
    world.broken_post = "the server is busy"
    incident_id = break_(world)
    world.clock.pass_(days=1)
    with world.store.write() as shelf:
        shelf.notices.claim(now=world.clock(), lease_until=world.clock(), limit=5)
    world.broken_post = ""

    world.clock.pass_(seconds=1)
    send(world)

    assert state(world, incident_id)[0] is NoticeState.SENT


def test_trouble_that_is_over_before_it_could_be_told_is_not_told_afterwards(world: World):
    world.broken_post = "the server is busy"
    incident_id = break_(world)
    world.judge.said = {}
    world.pass_time()
    world.broken_post = ""

    world.clock.pass_(days=1)
    send(world)
    send(world)

    told = incident_detail(world.store, incident_id, by=VIEWER).notices
    assert [notice.state for notice in told] == [NoticeState.WITHDRAWN, NoticeState.SENT]
    assert [notice.message.subject for notice in world.posted] == [
        "[Assay] sales.orders: recovered after 10 s"
    ]
