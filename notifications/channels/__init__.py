"""Channels by kind. To add one: a module here, a line below; the conformance test finds it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import ClassVar, Final, Protocol, cast

from notifications.errors import UnknownChannel
from notifications.model import Form, Message
from notifications.wire import Wire

_CHANNELS: Final = {
    "email": "notifications.channels.email:EmailChannel",
    "webhook": "notifications.channels.webhook:WebhookChannel",
}


class Channel(Protocol):
    """Carries one message to one target. ``reads`` is the rich form of messages that it shows."""

    reads: ClassVar[Form]

    def send(self, target: str, message: Message, *, key: str, thread: str = "") -> None:
        """Deliver ``message``.

        Args:
            target: Whom to.
            message: What is said; its rich form is the one that the channel reads.
            key: The same for every try of the same notice.
            thread: The same for all notices about one thing; empty where they stand alone.

        Raises:
            DeliveryFailed: it did not arrive.
        """
        ...


def _no_secret() -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookOptions:
    """What the service's settings say to webhooks.

    Attributes:
        secret: Returns the master from which each receiver's key is derived; None when none is
            set. Raises ``ChannelMisconfigured`` where it cannot be read.
        previous: The same for the master before, while receivers may still check with what was
            derived from it; None when there is none.
        allow: Hosts and networks beside public addresses, parted by commas.
        http: Whether TLS may be missing.
    """

    secret: Callable[[], str | None] = field(default=_no_secret, repr=False)
    previous: Callable[[], str | None] = field(default=_no_secret, repr=False)
    allow: str = ""
    http: bool = False
    wire: Wire = field(default_factory=Wire)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOptions:
    """What the service's settings say to channels; each takes what it needs.

    Attributes:
        clock: The time, UTC.
        origin: Where people reach this service; keeps its ids apart from those of another.
        host: Mail server; None when there is none.
        sender: Address that e-mails come from.
        username: Login at the mail server; None when it wants none.
        security: ``none``, ``starttls`` or ``tls`` (from the first byte).
        timeout: Seconds that one step of a delivery by mail, or one by webhook, may take.
        webhook: What only webhooks need.
    """

    clock: Callable[[], datetime]
    origin: str = ""
    host: str | None = None
    port: int = 25
    sender: str = "assay@localhost"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    security: str = "none"
    timeout: float = 10.0
    webhook: WebhookOptions = field(default_factory=WebhookOptions)


def kinds() -> tuple[str, ...]:
    """Return every channel's kind, sorted."""
    return tuple(sorted(_CHANNELS))


def load(kind: str, options: ChannelOptions) -> Channel:
    """Build the channel of that kind.

    Raises:
        UnknownChannel: there is none.
        ChannelMisconfigured: it cannot work with ``options``.
    """
    return _class(kind)(options)


def form(kind: str) -> Form:
    """Return the rich form that a channel reads; that of letters where there is no such channel.

    What an unknown channel is given does not matter: sending it says that there is none.
    """
    return _class(kind).reads if kind in _CHANNELS else Form.LETTER


class _ChannelClass(Protocol):
    reads: ClassVar[Form]

    def __call__(self, options: ChannelOptions) -> Channel: ...


def _class(kind: str) -> _ChannelClass:
    if kind not in _CHANNELS:
        raise UnknownChannel(kind, kinds())
    module, _, attribute = _CHANNELS[kind].partition(":")
    return cast(  # a module loaded by name has no static type; the conformance test holds it
        "_ChannelClass", getattr(import_module(module), attribute)
    )
