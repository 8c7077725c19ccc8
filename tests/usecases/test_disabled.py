"""A receiver that is gone for good is disabled: nothing more is sent there till it is mended."""

from datetime import timedelta

import pytest

from notifications.errors import DeliveryFailed
from notifications.model import NoticeState
from tests.cast import ADMIN, NOON, ORDERS, OWNER, VIEWER
from tests.usecases.test_incidents import BROKEN, break_
from tests.usecases.test_notices import Carrier, actions, trial
from tests.usecases.test_send_notices import TWO
from tests.usecases.test_unreached import ALONE, BOT, DESK, OLGA, detail, timeline, told
from tests.usecases.world import URL, World
from usecases.notices import NoticeDetail, list_dead, list_waiting, resend
from usecases.send_notices import send_notices

DEAD, SENT = NoticeState.DEAD, NoticeState.SENT


def send(world: World) -> None:
    for _ in range(3):
        send_notices(world.store, world.post, clock=world.clock, url=URL)


def recover_and_break(world: World) -> int:
    """Let the incident end, and another begin, each told."""
    world.judge.said = {}
    world.pass_time()
    send(world)
    world.clock.pass_(days=2)
    world.judge.said = dict(BROKEN)
    world.pass_time()
    send(world)
    return max(notice.incident_id for notice in world.posted)


def disabled(world: World, *receivers: tuple[str, str]) -> set[tuple[str, str]]:
    with world.store.read() as shelf:
        return set(shelf.receivers.disabled(receivers))


def of(world: World, incident_id: int, receiver: tuple[str, str]) -> list[NoticeDetail]:
    notices = detail(world, incident_id).notices
    return [one for one in notices if one.notice.receiver == receiver]


def test_one_who_is_gone_is_disabled_and_the_owner_told_another_way_once(world: World):
    world.removed = {BOT}
    incident_id = break_(world, TWO)

    send(world)
    recover_and_break(world)

    assert disabled(world, DESK, BOT) == {BOT}
    words = [notice for notice in world.posted if notice.key.startswith("unreached:")]
    assert [word.receiver for word in words] == [DESK]
    assert "it is disabled: nothing more is sent" in " ".join(words[0].message.text.split())
    assert timeline(world, incident_id)[0] == (
        "webhook hooks.example.org/… could not be told and is disabled; "
        "email d…@example.org is told instead"
    )


def test_nothing_more_is_sent_to_it_and_nothing_is_lost(world: World):
    world.removed = {BOT}
    break_(world, TWO)
    latest = recover_and_break(world)

    assert world.tried.count(BOT) == 1
    [held] = of(world, latest, BOT)
    assert held.notice.state is DEAD
    assert [one.error for one in held.attempts] == [
        "not tried, since the receiver is gone: answered 410 Gone"
    ]
    assert held.disabled is not None
    assert held.disabled.since == NOON + timedelta(seconds=10)


def test_what_fails_for_good_otherwise_disables_nobody(world: World):
    world.gone = {DESK}
    break_(world)
    send(world)

    assert disabled(world, DESK) == set()
    recover_and_break(world)
    assert world.tried.count(DESK) > 1


def test_what_waits_for_another_try_is_held_too(world: World):
    world.broken_post = "busy"
    incident_id = break_(world, TWO)
    world.broken_post = ""
    with world.store.write() as shelf:
        shelf.receivers.disable(BOT, error="answered 410 Gone", now=world.clock())
    [waiting] = of(world, incident_id, BOT)
    world.clock.pass_(days=1)

    send(world)

    [held] = of(world, incident_id, BOT)
    assert (waiting.notice.state, held.notice.state) == (NoticeState.RETRY, DEAD)
    assert world.tried.count(BOT) == 1
    assert told(world) == [DESK]  # who got the message needs no word of who did not


def test_where_every_named_one_is_disabled_a_further_address_hears_each_message(world: World):
    world.removed = {DESK, BOT}
    break_(world, TWO)
    send(world)
    before = len(world.posted)

    recover_and_break(world)

    later = world.posted[before:]
    assert {notice.receiver for notice in later} == {OLGA}
    subjects = [notice.message.text.split("> ")[1] for notice in later]
    assert subjects[0].startswith("sales.orders: Recovered")
    assert subjects[-1].startswith("sales.orders: 2 promises broken")


def test_where_nobody_is_left_it_ends(world: World):
    world.removed = {DESK}
    incident_id = break_(world, ALONE)

    send(world)
    send(world)

    assert world.posted == []
    assert timeline(world, incident_id) == [
        "email d…@example.org could not be told and is disabled"
    ]


def test_others_do_not_hear_that_a_disabled_one_is_told_too(world: World):
    world.removed = {BOT}
    break_(world, TWO)

    recover_and_break(world)

    assert "hooks.example.org" in world.posted[0].message.text
    assert "hooks.example.org" not in world.posted[-1].message.text


def test_newer_news_does_not_overtake_the_word_of_who_is_gone(world: World):
    world.removed = {BOT}
    break_(world, TWO)
    world.judge.said = {}

    world.pass_time()

    keys = [notice.key for notice in world.posted]
    assert keys == ["incident:1:opened:1", "unreached:2", "incident:1:resolved:2"]


def test_sending_a_dead_letter_again_enables(world: World):
    world.removed = {DESK}
    incident_id = break_(world)
    world.removed = set()

    resend(world.store, 1, by=OWNER, clock=world.clock)
    send(world)

    [mended] = of(world, incident_id, DESK)
    assert (mended.notice.state, mended.disabled) == (SENT, None)
    assert ("receiver.enable", "email d…@example.org") in actions(world)


def test_one_who_is_gone_still_is_disabled_anew_and_that_is_told_no_second_time(world: World):
    world.removed = {DESK}
    break_(world)
    send(world)

    resend(world.store, 1, by=OWNER, clock=world.clock)
    send(world)

    assert disabled(world, DESK) == {DESK}
    assert (world.tried.count(DESK), told(world)) == (2, [OLGA])


def test_a_test_that_arrives_enables(world: World):
    world.removed = {DESK}
    break_(world)

    failed = trial(world, DESK, ADMIN, Carrier(DeliveryFailed("still gone", gone=True)))
    between = disabled(world, DESK)
    arrived = trial(world, DESK, ADMIN)
    again = trial(world, DESK, ADMIN)

    assert between == {DESK}
    assert (failed.enabled, arrived.enabled, again.enabled) == (False, True, False)
    assert disabled(world, DESK) == set()


@pytest.mark.parametrize(
    ("named", "left"), [(ORDERS, set()), (ORDERS.replace("desk@", "other@"), {DESK})]
)
def test_a_new_version_that_names_it_enables(world: World, named: str, left: set[tuple[str, str]]):
    world.removed = {DESK}
    break_(world)

    world.publish(named.replace("version: 1.0.0", "version: 1.0.1"))

    assert disabled(world, DESK) == left


def test_publishing_what_is_there_already_enables_nobody(world: World):
    world.removed = {DESK}
    break_(world)

    world.publish()

    assert disabled(world, DESK) == {DESK}


def test_others_see_that_it_is_disabled_and_not_by_what(world: World):
    world.removed = {DESK}
    break_(world)

    [seen] = list_dead(world.store, by=VIEWER)

    assert seen.disabled is not None
    assert (seen.notice.target, seen.disabled.error) == ("d…@example.org", "it is gone")


def test_what_waits_is_listed_as_far_as_one_may_see(world: World):
    world.broken_post = "desk@example.org is busy"
    break_(world)

    [seen] = list_waiting(world.store, by=OWNER)
    [masked] = list_waiting(world.store, by=VIEWER)

    assert (seen.notice.target, seen.attempts[0].error) == (
        "desk@example.org",
        "desk@example.org is busy",
    )
    assert (masked.notice.target, masked.attempts[0].error) == ("d…@example.org", "it failed")
    assert list_waiting(world.store, by=OWNER, before=seen.notice.id) == ()
