import pytest

from access.errors import Forbidden
from access.model import Principal
from notifications.errors import ChannelMisconfigured, DeliveryFailed
from notifications.model import Message, NoticeState
from tests.cast import ADMIN, OWNER, PRODUCER, STRANGER, VIEWER
from tests.usecases.test_incidents import break_
from tests.usecases.test_send_notices import HOOK, TWO
from tests.usecases.world import URL, World
from usecases.errors import Conflict, NotFound
from usecases.incidents import incident_detail
from usecases.notices import list_dead, resend, try_channel, webhook_secret
from usecases.send_notices import send_notices

DESK = ("email", "desk@example.org")


class Carrier:
    """Keeps what it is given, or fails as it is told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.carried: list[tuple[str, str, Message, str]] = []

    def __call__(self, channel: str, target: str, message: Message, key: str) -> None:
        if self.error:
            raise self.error
        self.carried.append((channel, target, message, key))


def trial(world: World, receiver: tuple[str, str], by: Principal, carrier: Carrier | None = None):
    carry = carrier or Carrier()
    return try_channel(world.store, receiver, by=by, carry=carry, url=URL, clock=world.clock)


def actions(world: World) -> list[tuple[str, str]]:
    with world.store.read() as shelf:
        return [(event.action, event.subject) for event, _ in shelf.audit.all()]


def test_an_owner_sees_receivers_and_errors_whole(world: World):
    world.broken_post = "the server is busy"
    incident_id = break_(world)

    [told] = incident_detail(world.store, incident_id, by=OWNER).notices

    assert (told.notice.target, told.shown) == ("desk@example.org", True)
    assert [(one.number, one.error) for one in told.attempts] == [(1, "the server is busy")]


@pytest.mark.parametrize("by", [VIEWER, PRODUCER, STRANGER])
def test_others_see_them_masked(world: World, by: Principal):
    world.broken_post = "the server of desk@example.org is busy"
    incident_id = break_(world)

    [told] = incident_detail(world.store, incident_id, by=by).notices

    assert (told.notice.target, told.shown) == ("d…@example.org", False)
    assert [one.error for one in told.attempts] == ["it failed"]


@pytest.mark.parametrize(("by", "named"), [(OWNER, True), (VIEWER, False)])
def test_the_word_of_a_lost_message_names_its_receiver_to_owners_only(
    world: World, by: Principal, *, named: bool
):
    world.gone = {DESK}
    incident_id = break_(world)

    _, word = incident_detail(world.store, incident_id, by=by).notices

    assert ("desk@example.org" in word.notice.message.subject) is named
    assert word.notice.message.subject.endswith("cannot be told")


def test_a_dead_letter_is_sent_again_with_the_same_key(world: World):
    world.gone = {DESK}
    break_(world)
    world.gone = set()

    done = resend(world.store, 1, by=OWNER, clock=world.clock)
    send_notices(world.store, world.post, clock=world.clock)

    assert done.notice.state is NoticeState.QUEUED
    assert "incident:1:opened:1" in {notice.key for notice in world.posted}
    assert ("notice.resend", "notice/1") in actions(world)


def test_what_is_no_dead_letter_is_not_sent_again(world: World):
    break_(world)

    with pytest.raises(Conflict, match="notice 1 is sent") as caught:
        resend(world.store, 1, by=OWNER, clock=world.clock)

    assert caught.value.code == "notice-state"


def test_what_is_on_its_way_is_tried_by_itself(world: World):
    world.broken_post = "busy"
    break_(world)

    with pytest.raises(Conflict, match="on its way"):
        resend(world.store, 1, by=OWNER, clock=world.clock)


def test_a_notice_that_is_none_is_not_found(world: World):
    with pytest.raises(NotFound):
        resend(world.store, 9, by=ADMIN, clock=world.clock)


@pytest.mark.parametrize("by", [VIEWER, PRODUCER, STRANGER])
def test_only_owners_of_the_domain_send_again(world: World, by: Principal):
    world.gone = {DESK}
    break_(world)

    with pytest.raises(Forbidden):
        resend(world.store, 1, by=by, clock=world.clock)


def test_dead_letters_are_listed_as_far_as_one_may_see(world: World):
    world.gone = {DESK}
    break_(world)

    [seen] = list_dead(world.store, by=OWNER)
    [masked] = list_dead(world.store, by=STRANGER)

    assert (seen.notice.target, masked.notice.target) == ("desk@example.org", "d…@example.org")
    assert seen.attempts[0].error == "the receiver is gone"
    assert list_dead(world.store, by=OWNER, before=seen.notice.id) == ()


def test_an_administrator_tries_any_target(world: World):
    carrier = Carrier()

    done = trial(world, ("email", "anybody@example.org"), ADMIN, carrier)

    [(channel, target, message, key)] = carrier.carried
    assert (done.ok, done.detail, done.advice) == (True, "", "")
    assert (channel, target) == ("email", "anybody@example.org")
    assert "ada tried this channel" in message.text
    assert key.startswith("test:")
    assert ("notice.test", "email a…@example.org") in actions(world)


@pytest.mark.parametrize("receiver", [DESK, ("webhook", HOOK)])
def test_an_owner_tries_what_contracts_of_the_domain_name(world: World, receiver: tuple[str, str]):
    world.publish(TWO)

    assert trial(world, receiver, OWNER).ok


@pytest.mark.parametrize(
    "receiver", [("email", "anybody@example.org"), ("webhook", "https://x.example"),
                 ("webhook", "desk@example.org")],
)  # fmt: skip
def test_an_owner_tries_nothing_else(world: World, receiver: tuple[str, str]):
    world.publish(TWO)
    carrier = Carrier()

    with pytest.raises(NotFound, match=f"known: email desk@example.org, webhook {HOOK}"):
        trial(world, receiver, OWNER, carrier)

    assert carrier.carried == []


def test_an_owner_of_another_domain_tries_nothing_of_this(world: World):
    world.publish(TWO)

    with pytest.raises(NotFound):
        trial(world, DESK, STRANGER)


@pytest.mark.parametrize("by", [VIEWER, PRODUCER])
def test_who_owns_nothing_tries_nothing(world: World, by: Principal):
    world.publish(TWO)

    with pytest.raises(Forbidden):
        trial(world, DESK, by)


def test_a_test_that_fails_says_why_and_what_to_do(world: World):
    error = DeliveryFailed("mail.example:25: refused", advice="Look at ASSAY_SMTP_HOST.")

    done = trial(world, DESK, ADMIN, Carrier(error))

    assert (done.ok, done.detail) == (False, "mail.example:25: refused")
    assert done.advice == "Look at ASSAY_SMTP_HOST."


def test_a_test_that_breaks_in_an_unforeseen_way_is_an_answer_too(world: World):
    done = trial(world, DESK, ADMIN, Carrier(ZeroDivisionError("oops")))

    assert (done.ok, done.detail, done.advice) == (False, "ZeroDivisionError: oops", "")


def test_a_secret_is_shown_to_administrators_and_that_is_written_down(world: World):
    shown = webhook_secret(
        world.store, HOOK, by=ADMIN, secret_of=lambda url: f"whsec_{url}", clock=world.clock
    )

    assert shown == f"whsec_{HOOK}"
    assert ("notice.secret", "webhook hooks.example.org/…") in actions(world)


def test_a_secret_is_shown_to_nobody_else(world: World):
    asked: list[str] = []

    def secret_of(url: str) -> str:
        asked.append(url)
        return ""

    with pytest.raises(Forbidden):
        webhook_secret(world.store, HOOK, by=OWNER, secret_of=secret_of, clock=world.clock)

    assert asked == []


def test_without_a_master_there_is_no_secret(world: World):
    def secret_of(url: str) -> str:
        raise ChannelMisconfigured("webhook", "no secret is set", advice="Set one.")

    with pytest.raises(Conflict, match=r"no secret is set\. Set one\.") as caught:
        webhook_secret(world.store, HOOK, by=ADMIN, secret_of=secret_of, clock=world.clock)

    assert caught.value.code == "webhook-misconfigured"
