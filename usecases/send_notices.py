"""Empty the outbox: claim what is due, send it, record how that went."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from checks.attempt import attempt
from notifications.errors import DeliveryFailed
from notifications.model import Notice
from notifications.retry import backoff
from usecases.ports import Store

_BATCH: Final = 20
_LEASE: Final = timedelta(seconds=60)  # after this a sender that said nothing counts as dead


class Post(Protocol):
    """Whatever carries a notice."""

    def __call__(self, notice: Notice) -> None:
        """Deliver, or raise ``DeliveryFailed``."""
        ...


def send_notices(store: Store, post: Post, *, clock: Callable[[], datetime]) -> int:
    """Send what is due and return how many were tried.

    At least once: an attempt is written before it is made, so a crash in between repeats the notice
    with the same key, and never loses it.
    """
    now = clock()
    with store.read() as shelf:
        if not shelf.notices.due(now=now):
            return 0
    with store.write() as shelf:
        claimed = shelf.notices.claim(now=now, lease_until=now + _LEASE, limit=_BATCH)
    for notice in claimed:
        _send(store, post, notice, clock)
    return len(claimed)


def _send(store: Store, post: Post, notice: Notice, clock: Callable[[], datetime]) -> None:
    """Send one notice; whatever goes wrong with it must not keep the others from being sent."""
    fault = attempt(lambda: post(notice))
    now = clock()
    with store.write() as shelf:
        if fault is None:
            shelf.notices.sent(notice, now=now)
            return
        failure = fault.error if isinstance(fault.error, DeliveryFailed) else None
        wait = None if failure and failure.permanent else backoff(notice.attempt, notice.key)
        shelf.notices.failed(
            notice,
            error=str(failure or fault),
            now=now,
            retry_at=None if wait is None else now + wait,
        )
