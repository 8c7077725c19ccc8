import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from notifications.channels import load
from notifications.errors import DeliveryFailed
from notifications.model import Message
from runtime.channels import build_channels
from runtime.dead_man import DeadMan, operators, watch_engine
from runtime.settings import Settings
from store.sql_store import SqlStore
from tests.cast import Clock
from tests.notifications.receiver import Receiver, listening

HOOK = "https://hooks.example.org/sesame-canary"
SETTINGS = Settings(
    operators=f"ops@example.org, {HOOK}",
    public_url="https://assay.example.org",
    webhook_secret="m" * 32,
)


class Post:
    """Takes messages; those in ``away`` are not reached."""

    def __init__(self, *away: str) -> None:
        self.away = away
        self.taken: list[tuple[str, str, Message, str]] = []

    def __call__(self, channel: str, target: str, message: Message, key: str) -> None:
        if channel in self.away:
            raise DeliveryFailed("answered 500")
        self.taken.append((channel, target, message, key))


@pytest.fixture
def dead(store: SqlStore, clock: Clock) -> Callable[..., DeadMan]:
    """Give the alarm of a service whose engine has been silent for six minutes."""

    def give(carry) -> DeadMan:
        watching = DeadMan(store, SETTINGS, carry=carry, clock=clock)
        with store.write() as shelf:
            shelf.heartbeats.beat("engine", clock())
        clock.pass_(minutes=6)
        return watching

    return give


def test_operators_are_addresses_and_webhooks():
    assert operators(SETTINGS) == (("email", "ops@example.org"), ("webhook", HOOK))
    assert operators(Settings()) == ()


def test_every_operator_is_told_what_to_do(dead):
    post = Post()

    dead(post).look()

    (mail, hook) = post.taken
    assert (mail[0], hook[0]) == ("email", "webhook")
    assert mail[2].subject == "[Assay] the engine is silent: nothing is judged"
    assert "20 Nov 2026, 12:00:00 UTC" in mail[2].text
    assert "assay scheduler" in mail[2].text
    assert json.loads(hook[2].rich)["type"] == "engine.silent"


def test_one_operator_out_of_reach_does_not_keep_the_other_from_hearing(dead, logs):
    post = Post("email")

    dead(post).look()

    assert [one[0] for one in post.taken] == ["webhook"]
    assert [event["who"] for event in logs if "who" in event] == ["o…@example.org"]
    assert "sesame" not in str(logs)


def test_where_nobody_is_reached_the_next_look_tries_again(dead):
    post = Post("email", "webhook")
    watching = dead(post)
    watching.look()
    post.away = ()

    watching.look()
    watching.look()

    assert [one[0] for one in post.taken] == ["email", "webhook"]


@pytest.mark.enable_socket
def test_a_webhook_receives_it_signed_and_once(dead):
    receiver = Receiver()
    with listening(receiver):
        options = build_channels(SETTINGS)
        options = replace(options, webhook=replace(options.webhook, wire=receiver.wire()))

        def carry(channel: str, target: str, message: Message, key: str) -> None:
            if channel == "webhook":
                load(channel, options).send(target, message, key=key)

        watching = dead(carry)
        watching.look()
        watching.look()

    (request,) = receiver.requests
    assert b"webhook-signature" in request.lower()
    assert b"engine.silent" in request


def test_it_can_be_turned_off(store: SqlStore):
    assert watch_engine(store, Settings(dead_man_minutes=0)) is None
