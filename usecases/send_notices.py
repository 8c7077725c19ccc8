"""Empty the outbox: claim what is due, send it, record how that went."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Final, Protocol

from checks.attempt import Fault, attempt
from notifications.errors import DeliveryFailed, NotificationError
from notifications.model import Notice
from notifications.retry import backoff
from notifications.waits import held
from usecases.events import tell_dead
from usecases.ports import Shelf, Store
from usecases.unreached import unreached

_BATCH: Final = 20
_LEASE: Final = timedelta(seconds=120)  # after this a sender that said nothing counts as dead


class Post(Protocol):
    """Whatever carries a notice; several threads may call it at once."""

    def __call__(self, notice: Notice) -> None:
        """Deliver, or raise ``DeliveryFailed``."""
        ...


def send_notices(store: Store, post: Post, *, clock: Callable[[], datetime], url: str = "") -> int:
    """Send what is due and return how many were tried.

    At least once: an attempt is written before it is made, so a crash in between repeats the notice
    with the same key, and never loses it. What is due is sent side by side, so that one receiver
    who does not answer holds up nobody else. What is for a disabled receiver is a dead letter.

    Args:
        store: Where the outbox is.
        post: Carries a notice.
        clock: The time, UTC.
        url: Where people reach the service, for links; may be empty.
    """
    now = clock()
    with store.read() as shelf:
        if not shelf.notices.due(now=now):
            return 0
    with store.write() as shelf:
        claimed = shelf.notices.claim(now=now, lease_until=now + _LEASE, limit=_BATCH)
        sendable = _hold(shelf, claimed, url=url, now=now)
    for notice, fault in _sent(post, sendable):
        _record(store, notice, fault, url=url, now=clock())
    return len(claimed)


def _hold(shelf: Shelf, claimed: Sequence[Notice], *, url: str, now: datetime) -> Sequence[Notice]:
    """Make dead letters of what is for disabled receivers, and return the rest."""
    disabled = shelf.receivers.disabled({notice.receiver for notice in claimed})
    sendable: list[Notice] = []
    for notice in claimed:
        found = disabled.get(notice.receiver)
        if found is None:
            sendable.append(notice)
        elif shelf.notices.failed(notice, error=held(found), now=now, retry_at=None):
            tell_dead(shelf, notice, now)
            unreached(shelf, notice, url=url, now=now, known=True)
    return sendable


def _sent(post: Post, notices: Sequence[Notice]) -> Iterator[tuple[Notice, Fault | None]]:
    """Send notices side by side, and yield each as soon as it is known how that went.

    Whatever goes wrong with one must not keep the others from being sent.
    """
    if len(notices) == 1:
        yield notices[0], attempt(lambda: post(notices[0]))
        return
    ended: SimpleQueue[tuple[Notice, Fault | None]] = SimpleQueue()

    def send(notice: Notice) -> None:
        ended.put((notice, attempt(lambda: post(notice))))

    for notice in notices:
        threading.Thread(target=send, args=(notice,), name="notice", daemon=True).start()
    for _ in notices:
        yield ended.get()


def _record(store: Store, notice: Notice, fault: Fault | None, *, url: str, now: datetime) -> None:
    with store.write() as shelf:
        if fault is None:
            shelf.notices.sent(notice, now=now)
        else:
            _fail(shelf, notice, fault, url=url, now=now)


def _fail(shelf: Shelf, notice: Notice, fault: Fault, *, url: str, now: datetime) -> None:
    error = fault.error
    words = str(error if isinstance(error, NotificationError) else fault)
    wait = _wait(notice, error)
    if wait is not None:
        shelf.notices.failed(notice, error=words, now=now, retry_at=now + wait)
    elif shelf.notices.failed(notice, error=words, now=now, retry_at=None):
        gone = isinstance(error, DeliveryFailed) and error.gone
        fresh = gone and shelf.receivers.disable(notice.receiver, error=words, now=now)
        tell_dead(shelf, notice, now)
        unreached(shelf, notice, url=url, now=now, known=gone and not fresh)


def _wait(notice: Notice, error: Exception) -> timedelta | None:
    """Return how long to wait for the next try, at least as asked for; None when there is none."""
    if isinstance(error, NotificationError) and error.permanent:
        return None
    wait = backoff(notice.attempt, notice.key)
    asked = error.retry_after if isinstance(error, DeliveryFailed) else None
    return wait if wait is None or asked is None else max(wait, asked)
