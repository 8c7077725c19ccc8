"""What can go wrong in telling people.

NotificationError
├── UnknownChannel         no channel has that kind
├── ChannelMisconfigured   a channel cannot work with the options it was given
└── DeliveryFailed         a message did not arrive
"""


class NotificationError(Exception):
    """Base of all errors raised by ``notifications``."""


class UnknownChannel(NotificationError):
    """No channel has that kind; the message lists the kinds there are."""

    def __init__(self, kind: str, known: tuple[str, ...]) -> None:
        self.kind = kind
        self.known = known
        super().__init__(f"no channel {kind!r}; known: {', '.join(known)}")


class ChannelMisconfigured(NotificationError):
    """The service's settings do not suffice for a channel."""

    def __init__(self, kind: str, reason: str) -> None:
        self.kind = kind
        self.reason = reason
        super().__init__(f"channel {kind!r}: {reason}")


class DeliveryFailed(NotificationError):
    """A message did not arrive. ``permanent`` says that trying again is useless."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        self.permanent = permanent
        super().__init__(message)
