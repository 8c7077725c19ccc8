"""Refuse to queue more than will be judged in a sensible time."""

from usecases.errors import QueueFull
from usecases.ports import Store


def require_room(store: Store, limit: int) -> None:
    """Let a request for runs pass while fewer than ``limit`` of them wait.

    Requests that come at the same time may go beyond it by as many as they are.

    Raises:
        QueueFull: so many wait already.
    """
    with store.read() as shelf:
        waiting = shelf.runs.queued(at_most=limit)
    if waiting >= limit:
        raise QueueFull(waiting)
