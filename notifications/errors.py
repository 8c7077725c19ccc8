"""What can go wrong in telling people.

NotificationError
├── UnknownChannel         no channel has that kind
├── ChannelMisconfigured   a channel cannot work with the options it was given
└── DeliveryFailed         a message did not arrive
"""

from datetime import timedelta


class NotificationError(Exception):
    """Base of all errors raised by ``notifications``.

    Attributes:
        permanent: Trying again is useless until somebody changes something.
        advice: What to do, in a sentence or two; may be empty.
    """

    permanent: bool = True
    advice: str = ""


class UnknownChannel(NotificationError):
    """No channel has that kind; the message lists the kinds there are."""

    def __init__(self, kind: str, known: tuple[str, ...]) -> None:
        self.kind = kind
        self.known = known
        super().__init__(f"no channel {kind!r}; known: {', '.join(known)}")


class ChannelMisconfigured(NotificationError):
    """The service's settings do not suffice for a channel."""

    def __init__(self, kind: str, reason: str, *, advice: str = "") -> None:
        self.kind = kind
        self.reason = reason
        self.advice = advice
        super().__init__(f"channel {kind!r}: {reason}")


class DeliveryFailed(NotificationError):
    """A message did not arrive.

    Attributes:
        gone: The receiver itself is no more: no message reaches it until somebody mends it. Such a
            failure is permanent.
        retry_after: How long the receiver asks to be left alone; None where it does not say.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        gone: bool = False,
        retry_after: timedelta | None = None,
        advice: str = "",
    ) -> None:
        self.permanent = permanent or gone
        self.gone = gone
        self.retry_after = retry_after
        self.advice = advice
        super().__init__(message)
