"""Hand what is queued to the broker."""

from collections.abc import Callable
from datetime import datetime

from usecases.pace import Pace
from usecases.ports import Store


def dispatch(
    store: Store, send: Callable[[int], None], pace: Pace, *, clock: Callable[[], datetime]
) -> int:
    """Hand queued runs to the broker, oldest first, and return how many.

    The mark is committed before the message is sent: a crash between costs only ``redispatch``.
    """
    now = clock()
    patience = now - pace.redispatch
    with store.read() as shelf:
        room = pace.in_flight - shelf.runs.in_flight(dispatched_after=patience)
        waiting = room > 0 and shelf.runs.waiting(dispatched_before=patience)
    if not waiting:
        return 0
    with store.write() as shelf:
        ids = shelf.runs.dispatch(now=now, dispatched_before=patience, limit=room)
    for run_id in ids:
        send(run_id)
    return len(ids)
