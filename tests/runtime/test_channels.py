import pytest

from notifications.channels.webhook import WebhookChannel
from notifications.errors import ChannelMisconfigured, DeliveryFailed
from notifications.model import Message
from runtime.channels import build_carry, build_channels, secret_of
from runtime.settings import Settings

MASTER = "a master of 32 characters or more"
URL = "https://hooks.example.org/x"
MESSAGE = Message(subject="s", text="t", rich="{}")


def test_settings_become_what_channels_need():
    settings = Settings(
        public_url="https://assay.example",
        smtp_host="mail.example",
        smtp_port=587,
        smtp_security="starttls",
        smtp_username="assay",
        smtp_password="hidden",  # noqa: S106 - no secret
        webhook_secret=MASTER,
        webhook_allow="hooks.intern",
        webhook_http=True,
    )

    options = build_channels(settings)

    assert (options.host, options.port, options.security) == ("mail.example", 587, "starttls")
    assert (options.username, options.password) == ("assay", "hidden")
    assert options.origin == "https://assay.example"
    assert (options.webhook.allow, options.webhook.http) == ("hooks.intern", True)
    assert options.webhook.secret() == MASTER
    assert MASTER not in repr(options) + repr(settings)


def test_the_master_may_be_kept_elsewhere_and_renewed(tmp_path):
    file = tmp_path / "master"
    file.write_text(MASTER + "\n")
    settings = Settings(webhook_secret=f"file:{file}")

    first = secret_of(settings, URL)
    file.write_text(MASTER[::-1])

    assert first == secret_of(Settings(webhook_secret=MASTER), URL)
    assert first != secret_of(settings, URL)


def test_the_master_before_is_read_the_same_way_and_shown_nowhere(tmp_path):
    file = tmp_path / "before"
    file.write_text(MASTER[::-1] + "\n")
    settings = Settings(webhook_secret=MASTER, webhook_secret_previous=f"file:{file}")
    plain = Settings(webhook_secret=MASTER, webhook_secret_previous=MASTER[::-1])

    assert build_channels(settings).webhook.previous() == MASTER[::-1]
    assert build_channels(plain).webhook.previous() == MASTER[::-1]
    assert MASTER[::-1] not in repr(plain) + repr(build_channels(plain))
    assert secret_of(settings, URL) == secret_of(Settings(webhook_secret=MASTER), URL)


def test_a_master_before_that_cannot_be_read_is_told_as_that(tmp_path):
    settings = Settings(webhook_secret=MASTER, webhook_secret_previous=f"file:{tmp_path}/nothing")

    with pytest.raises(ChannelMisconfigured, match="the previous secret cannot be read"):
        WebhookChannel(build_channels(settings))


def test_a_master_that_cannot_be_read_is_told_without_its_place(tmp_path):
    settings = Settings(webhook_secret=f"file:{tmp_path}/nothing")

    with pytest.raises(ChannelMisconfigured, match="the log says why") as caught:
        WebhookChannel(build_channels(settings))

    assert str(tmp_path) not in str(caught.value)


def test_without_a_master_no_webhook_is_sent():
    with pytest.raises(ChannelMisconfigured, match="no secret to sign with"):
        build_carry(Settings())("webhook", URL, MESSAGE, "k")


def test_a_test_message_goes_to_the_channel_that_is_named():
    with pytest.raises(DeliveryFailed, match="https") as caught:
        build_carry(Settings(webhook_secret=MASTER))("webhook", "ftp://a", MESSAGE, "k")

    assert caught.value.permanent
