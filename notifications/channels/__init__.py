"""Channels by kind. To add one: a module here, a line below; the conformance test finds it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Final, Protocol, cast

from notifications.errors import UnknownChannel
from notifications.model import Message

_CHANNELS: Final = {
    "email": "notifications.channels.email:EmailChannel",
}


class Channel(Protocol):
    """Carries one message to one target."""

    def send(self, target: str, message: Message, *, key: str) -> None:
        """Deliver ``message``; ``key`` is the same for every try of the same notice.

        Raises:
            DeliveryFailed: it did not arrive.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOptions:
    """What the service's settings say to channels; each takes what it needs.

    Attributes:
        clock: The time, UTC.
        host: Mail server; None when there is none.
        sender: Address that e-mails come from.
        username: Login at the mail server; None when it wants none.
        security: ``none``, ``starttls`` or ``tls`` (from the first byte).
        timeout: Seconds that one step of a delivery may take.
    """

    clock: Callable[[], datetime]
    host: str | None = None
    port: int = 25
    sender: str = "assay@localhost"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    security: str = "none"
    timeout: float = 10.0


def kinds() -> tuple[str, ...]:
    """Return every channel's kind, sorted."""
    return tuple(sorted(_CHANNELS))


def load(kind: str, options: ChannelOptions) -> Channel:
    """Build the channel of that kind.

    Raises:
        UnknownChannel: there is none.
        ChannelMisconfigured: it cannot work with ``options``.
    """
    if kind not in _CHANNELS:
        raise UnknownChannel(kind, kinds())
    module, _, attribute = _CHANNELS[kind].partition(":")
    build = cast(  # a module loaded by name has no static type; the conformance test holds it
        "Callable[[ChannelOptions], Channel]", getattr(import_module(module), attribute)
    )
    return build(options)
