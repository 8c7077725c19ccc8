import threading
from dataclasses import replace
from datetime import timedelta

from notifications.errors import ChannelMisconfigured, DeliveryFailed
from notifications.model import Notice, NoticeState
from notifications.retry import backoff
from tests.cast import ORDERS, OWNER, VIEWER
from tests.usecases.test_incidents import BROKEN, break_
from tests.usecases.world import World
from usecases.incidents import incident_detail
from usecases.send_notices import send_notices
from usecases.tick import tick

HOOK = "https://hooks.example.org/assay"
TWO = ORDERS.replace(
    "servers:\n", f"  - channel: bot\n    tool: webhook\n    url: {HOOK}\nservers:\n", 1
)


def state(world: World, incident_id: int):
    first = incident_detail(world.store, incident_id, by=VIEWER).notices[0]
    return first.notice.state, first.notice.attempt


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
    assert [one.notice.state for one in told] == [NoticeState.WITHDRAWN, NoticeState.SENT]
    assert [notice.message.subject for notice in world.posted] == [
        "[Assay] sales.orders: recovered after 10 s"
    ]


def test_one_who_does_not_answer_holds_up_nobody_else(world: World):
    world.broken_post = "the server is busy"
    incident_id = break_(world, TWO)
    world.clock.pass_(days=1)
    arrived = threading.Event()

    def post(notice: Notice) -> None:
        if notice.channel == "webhook":
            assert arrived.wait(5)
            raise DeliveryFailed("no answer")
        arrived.set()

    tried = send_notices(world.store, post, clock=world.clock)

    states = [
        one.notice.state for one in incident_detail(world.store, incident_id, by=VIEWER).notices
    ]
    assert (tried, states) == (2, [NoticeState.SENT, NoticeState.RETRY])


def waiting(world: World, error: Exception) -> timedelta:
    """How long a notice waits after its first try failed with ``error``."""

    def post(notice: Notice) -> None:
        raise error

    world.publish()
    world.judge.said = dict(BROKEN)
    world.clock.pass_(seconds=10)
    tick(world.store, world.pace, now=world.clock())
    world.drain()
    send_notices(world.store, post, clock=world.clock)
    with world.store.read() as shelf:
        return shelf.notices.of_incident(1)[0].due_at - world.clock()


def test_the_wait_that_a_receiver_asks_for_is_kept(world: World):
    error = DeliveryFailed("busy", retry_after=timedelta(hours=2))

    assert waiting(world, error) == timedelta(hours=2)


def test_a_short_wait_does_not_use_up_the_tries(world: World):
    error = DeliveryFailed("busy", retry_after=timedelta(seconds=1))

    assert waiting(world, error) == backoff(1, "incident:1:opened:1")


def test_a_channel_that_is_not_set_up_is_a_dead_letter_with_its_reason(world: World):
    def post(notice: Notice) -> None:
        raise ChannelMisconfigured("email", "no mail server is set")

    incident_id = break_(world, TWO)
    with world.store.write() as shelf:
        first = shelf.notices.of_incident(incident_id)[0]
        again = replace(first, key="again", state=NoticeState.QUEUED, attempt=0)
        shelf.notices.add(replace(again, due_at=world.clock()))
    send_notices(world.store, post, clock=world.clock)

    told = incident_detail(world.store, incident_id, by=OWNER).notices[2]
    assert told.notice.state is NoticeState.DEAD
    assert [one.error for one in told.attempts] == ["channel 'email': no mail server is set"]
