"""What happens when a receiver cannot be told."""

import pytest

from notifications.model import Notice, NoticeState
from tests.cast import ORDERS, OWNER
from tests.usecases.test_incidents import break_
from tests.usecases.test_send_notices import HOOK, TWO
from tests.usecases.world import World
from usecases.incidents import IncidentDetail, incident_detail
from usecases.send_notices import send_notices

DESK = ("email", "desk@example.org")
OLGA = ("email", "olga@example.org")
BOT = ("webhook", HOOK)
ALONE = ORDERS.replace("olga@example.org", "olga")


def told(world: World) -> list[tuple[str, str]]:
    return [(notice.channel, notice.target) for notice in world.posted]


def detail(world: World, incident_id: int) -> IncidentDetail:
    return incident_detail(world.store, incident_id, by=OWNER)


def timeline(world: World, incident_id: int) -> list[str]:
    events = detail(world, incident_id).events
    return [event.detail for event in events if event.kind == "unreached"]


def send(world: World) -> None:
    send_notices(world.store, world.post, clock=world.clock)


@pytest.mark.parametrize(
    ("text", "lost", "instead"),
    [(TWO, DESK, BOT), (TWO, BOT, DESK), (ORDERS, DESK, OLGA), (ALONE, DESK, None)],
    ids=["mail lost", "webhook lost", "another address", "nobody else"],
)
def test_the_owner_is_told_another_way_where_there_is_one(
    world: World, text: str, lost: tuple[str, str], instead: tuple[str, str] | None
):
    world.gone = {lost}
    incident_id = break_(world, text)
    before = told(world)

    send(world)
    send(world)

    assert told(world)[len(before) :] == ([instead] if instead else [])
    notices = [one.notice for one in detail(world, incident_id).notices]
    dead = [(one.channel, one.target) for one in notices if one.state is NoticeState.DEAD]
    assert dead == [lost]


def test_the_word_of_it_names_the_lost_one_masked_and_repeats_what_was_lost(world: World):
    world.gone = {DESK}
    incident_id = break_(world)

    send(world)

    [word] = world.posted
    assert word.key == "unreached:1"
    assert word.message.subject == "[Assay] sales.orders: desk@example.org cannot be told"
    assert "> sales.orders: 2 promises broken" in word.message.text
    assert f"/incidents/{incident_id}" in word.message.text


def test_the_timeline_says_who_could_not_be_told_and_who_was_instead(world: World):
    world.gone = {BOT}
    incident_id = break_(world, TWO)

    assert timeline(world, incident_id) == [
        "webhook hooks.example.org/… could not be told; email d…@example.org is told instead"
    ]


def test_where_nobody_can_be_told_it_ends(world: World):
    world.gone = {DESK, BOT, OLGA}
    incident_id = break_(world, TWO)

    for _ in range(5):
        world.clock.pass_(days=1)
        send(world)

    notices = detail(world, incident_id).notices
    assert {one.notice.state for one in notices} == {NoticeState.DEAD}
    assert len(notices) <= 4
    assert len(timeline(world, incident_id)) == len(notices)


def test_a_dead_letter_that_fails_again_is_told_once_only(world: World):
    world.gone = {DESK}
    break_(world)
    send(world)
    with world.store.write() as shelf:
        assert shelf.notices.revive(1, now=world.clock())

    send(world)
    send(world)

    assert told(world) == [OLGA]


def test_who_cannot_be_told_by_any_channel_known_here_is_given_up(world: World):
    with world.store.read() as shelf:
        assert shelf.notices.get(1) is None
    incident_id = break_(world)
    with world.store.write() as shelf:
        one = shelf.notices.of_incident(incident_id)[0]
        shelf.notices.add(
            Notice(
                key="k",
                channel="pigeon",
                target="roof",
                message=one.message,
                incident_id=incident_id,
                due_at=world.clock(),
            )
        )
    world.gone = {("pigeon", "roof")}

    send(world)

    assert "pigeon /… could not be told; email d…@example.org is told instead" in timeline(
        world, incident_id
    )
