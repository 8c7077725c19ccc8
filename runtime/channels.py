"""What the settings say to channels, and how a message is handed to one."""

from dataclasses import replace

from pydantic import SecretStr

from notifications.channels import ChannelOptions, WebhookOptions, load
from notifications.channels.webhook import WebhookChannel
from notifications.errors import ChannelMisconfigured
from notifications.model import Message
from products.connections import is_reference
from runtime.clock import now
from runtime.secret import read_secret
from runtime.settings import Settings
from usecases.errors import UnreadableSecret
from usecases.notices import Carry

_PATIENCE = 5.0  # seconds for each step of a test: somebody waits for it


def build_channels(settings: Settings) -> ChannelOptions:
    """Return what the settings say to channels; reads no secret yet."""
    password = settings.smtp_password
    return ChannelOptions(
        clock=now,
        origin=settings.base_url,
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_sender,
        username=settings.smtp_username,
        password=password.get_secret_value() if password else None,
        security=settings.smtp_security,
        webhook=WebhookOptions(
            secret=lambda: _master(settings.webhook_secret, "the secret to sign with"),
            previous=lambda: _master(settings.webhook_secret_previous, "the previous secret"),
            allow=settings.webhook_allow,
            http=settings.webhook_http,
        ),
    )


def build_carry(settings: Settings) -> Carry:
    """Return what carries a test message, with less patience than notices have."""
    options = replace(build_channels(settings), timeout=_PATIENCE)

    def carry(channel: str, target: str, message: Message, key: str) -> None:
        load(channel, options).send(target, message, key=key)

    return carry


def secret_of(settings: Settings, target: str) -> str:
    """Return what the webhook at ``target`` checks signatures with.

    Raises:
        ChannelMisconfigured: there is no secret to derive it from.
    """
    return WebhookChannel(build_channels(settings)).secret(target)


def _master(stated: SecretStr | None, name: str) -> str | None:
    """Return a master, read anew where the setting only says where it is kept.

    Raises:
        ChannelMisconfigured: it cannot be read.
    """
    if stated is None:
        return None
    text = stated.get_secret_value()
    if not is_reference(text):
        return text
    try:
        return read_secret(text)
    except UnreadableSecret as error:  # its words name a place, which is not for everybody
        why = f"{name} cannot be read; the log says why"
        raise ChannelMisconfigured("webhook", why) from error
