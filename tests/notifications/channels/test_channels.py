from datetime import UTC, datetime

import pytest

from notifications.channels import ChannelOptions, kinds, load
from notifications.errors import ChannelMisconfigured, NotificationError, UnknownChannel

HIDDEN = "hidden"
OPTIONS = ChannelOptions(
    clock=lambda: datetime(2026, 1, 1, tzinfo=UTC), host="127.0.0.1", password=HIDDEN
)


@pytest.mark.parametrize("kind", kinds())
def test_every_channel_loads_and_sends(kind: str):
    assert callable(load(kind, OPTIONS).send)


def test_an_unknown_channel_names_the_known_ones():
    with pytest.raises(UnknownChannel, match="email") as caught:
        load("pigeon", OPTIONS)

    assert (caught.value.kind, caught.value.known) == ("pigeon", kinds())


def test_options_do_not_show_the_password():
    assert HIDDEN not in repr(OPTIONS)


def test_a_channel_without_its_settings_says_what_is_missing():
    with pytest.raises(ChannelMisconfigured, match="no mail server") as caught:
        load("email", ChannelOptions(clock=OPTIONS.clock))

    assert (caught.value.kind, isinstance(caught.value, NotificationError)) == ("email", True)
