"""Who is told of an incident's steps, and when."""

import json

from checks.model import Outcome
from notifications.model import Notice, NoticeState
from tests.cast import OWNER
from tests.usecases.test_incidents import BROKEN, break_
from tests.usecases.test_send_notices import HOOK, TWO
from tests.usecases.world import URL, World
from usecases.incidents import incident_detail
from usecases.send_notices import send_notices

UNIQUE = "/id/unique"


def joined(world: World) -> None:
    """A promise breaks that was not broken before."""
    world.judge.said[UNIQUE] = Outcome.FAILED
    world.pass_time()


def notices(world: World, incident_id: int) -> list[Notice]:
    detail = incident_detail(world.store, incident_id, by=OWNER)
    return [one.notice for one in detail.notices]


def send(world: World) -> None:
    send_notices(world.store, world.post, clock=world.clock)


def test_every_receiver_is_told_in_the_form_that_its_channel_reads(world: World):
    break_(world, TWO)

    mail, hook = sorted(world.posted, key=lambda notice: notice.channel)
    assert (mail.channel, mail.target, mail.key) == ("email", "desk@example.org", hook.key)
    assert (hook.channel, hook.target) == ("webhook", HOOK)
    assert mail.message.rich.startswith("<!doctype html>")
    event = json.loads(hook.message.rich)
    assert (event["id"], event["type"], event["source"]) == (hook.key, "incident.opened", URL)
    assert "Also told: hooks.example.org (webhook)" in mail.message.text
    assert "desk@example.org" not in hook.message.rich


def test_a_promise_that_breaks_later_is_told_an_hour_after_the_message_before(world: World):
    incident_id = break_(world)
    told_at = world.clock()

    joined(world)
    at_once = len(world.posted)
    world.clock.now = told_at
    world.clock.pass_(hours=1)
    send(world)

    assert at_once == 1
    update = world.posted[1]
    assert update.key == f"incident:{incident_id}:joined:2"
    assert update.message.subject == "[Assay] sales.orders: 1 more promise broken, 3 in all"
    first = update.message.text.partition("\n1. ")[2]
    assert first.startswith("[NEW, ")
    assert first.count("NEW") == 1


def test_several_that_break_within_the_hour_are_one_message(world: World):
    incident_id = break_(world)

    joined(world)
    world.judge.said["some-rows"] = Outcome.FAILED
    world.pass_time()
    world.clock.pass_(hours=1)
    send(world)

    states = [notice.state for notice in notices(world, incident_id)]
    assert states == [NoticeState.SENT, NoticeState.WITHDRAWN, NoticeState.SENT]
    assert "2 more promises broken" in world.posted[1].message.subject


def test_what_breaks_again_in_the_same_incident_is_not_told_again(world: World):
    incident_id = break_(world)
    joined(world)
    world.clock.pass_(hours=1)
    send(world)

    world.judge.said = dict(BROKEN)
    world.pass_time()
    joined(world)
    world.clock.pass_(hours=2)
    send(world)

    assert len(notices(world, incident_id)) == len(world.posted) == 2


def test_a_promise_that_joins_before_anybody_heard_is_told_as_an_opening(world: World):
    world.broken_post = "the server is busy"
    break_(world)
    world.broken_post = ""

    joined(world)

    assert [notice.message.subject for notice in world.posted] == [
        "[Assay] sales.orders: 3 promises broken"
    ]


def test_a_promise_that_blocks_nothing_is_not_told_of(world: World):
    mild = TWO.replace("      - id: some-rows\n", "      - id: some-rows\n        severity: low\n")
    incident_id = break_(world, mild)

    world.judge.said["some-rows"] = Outcome.FAILED
    world.pass_time()

    assert len(notices(world, incident_id)) == 2


def test_an_update_that_waits_is_given_up_when_the_trouble_ends(world: World):
    incident_id = break_(world)
    joined(world)

    world.judge.said = {}
    world.pass_time()
    world.clock.pass_(hours=2)
    send(world)

    states = [notice.state for notice in notices(world, incident_id)]
    assert states == [NoticeState.SENT, NoticeState.WITHDRAWN, NoticeState.SENT]
    assert "recovered" in world.posted[-1].message.subject


def test_a_message_counts_what_the_run_could_not_judge_beside_what_broke(world: World):
    world.publish()
    world.judge.said = {"/status/enum": Outcome.FAILED, "some-rows": Outcome.ERRORED}
    world.pass_time()

    (mail,) = world.posted
    assert mail.message.subject == "[Assay] sales.orders: 1 promise broken"
    assert "1 more promise could not be judged: the disk is gone.\n" in mail.message.text
