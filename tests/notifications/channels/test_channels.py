"""What holds for every channel that is registered."""

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from inspect import signature

import pytest

from notifications.channels import Channel, ChannelOptions, WebhookOptions, form, kinds, load
from notifications.errors import (
    ChannelMisconfigured,
    DeliveryFailed,
    NotificationError,
    UnknownChannel,
)
from notifications.model import Form
from notifications.render import message
from notifications.wire import Wire
from tests.notifications.stories import STORY

HIDDEN = "a hidden word of 32 letters or more"


def _nobody(address: str, port: int, seconds: float) -> socket.socket:
    raise ConnectionRefusedError(111, "Connection refused")


OPTIONS = ChannelOptions(
    clock=lambda: datetime(2026, 1, 1, tzinfo=UTC),
    host="127.0.0.1",
    port=1,
    username="assay",
    password=HIDDEN,
    timeout=0.5,
    webhook=WebhookOptions(
        secret=lambda: HIDDEN,
        wire=Wire(look_up=lambda host, port: ["93.184.215.14"], dial=_nobody),
    ),
)
TARGETS = {"email": "ana@example.org", "webhook": "https://hooks.example.org/x"}
every_channel = pytest.mark.parametrize("kind", kinds())


def failure(send: Callable[[], None]) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as caught:
        send()
    return caught.value


@every_channel
def test_every_channel_fits_the_protocol(kind: str):
    channel = load(kind, OPTIONS)

    assert signature(type(channel).send) == signature(Channel.send)
    assert channel.reads is form(kind)
    assert channel.reads in Form


@every_channel
def test_every_channel_says_what_it_misses(kind: str):
    with pytest.raises(ChannelMisconfigured) as caught:
        load(kind, ChannelOptions(clock=OPTIONS.clock))

    assert caught.value.kind == kind
    assert caught.value.permanent
    assert "ASSAY_" in caught.value.advice


@every_channel
@pytest.mark.parametrize("target", ["", " ", "a b", "x\r\ny: z", "\ud800", "ä", "//", "a@b@c"])
def test_every_channel_refuses_what_can_be_no_target_for_good(kind: str, target: str):
    channel = load(kind, OPTIONS)
    told = message(STORY, form=channel.reads, key="k")

    found = failure(lambda: channel.send(target, told, key="k"))

    assert found.permanent
    assert "\n" not in str(found)


@every_channel
@pytest.mark.enable_socket
def test_every_channel_says_that_nobody_answers_and_what_to_look_at(kind: str):
    channel = load(kind, OPTIONS)
    told = message(STORY, form=channel.reads, key="k")

    found = failure(lambda: channel.send(TARGETS[kind], told, key="k", thread="t"))

    assert not found.permanent
    assert "refused" in str(found)
    assert found.advice
    assert HIDDEN not in f"{found} {found.advice}"


def test_an_unknown_channel_names_the_known_ones():
    with pytest.raises(UnknownChannel, match="email") as caught:
        load("pigeon", OPTIONS)

    assert (caught.value.kind, caught.value.known) == ("pigeon", kinds())
    assert caught.value.permanent


def test_what_an_unknown_channel_reads_does_not_matter():
    assert form("pigeon") is Form.LETTER


def test_options_do_not_show_secrets():
    assert HIDDEN not in repr(OPTIONS)


def test_a_channel_without_its_settings_says_what_is_missing():
    with pytest.raises(ChannelMisconfigured, match="no mail server") as caught:
        load("email", replace(OPTIONS, host=None))

    assert isinstance(caught.value, NotificationError)
