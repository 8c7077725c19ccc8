"""Take back the runs whose worker died."""

from datetime import datetime

from usecases.pace import Pace
from usecases.ports import Store
from usecases.record_run import record_lost


def reap(store: Store, pace: Pace, *, url: str, now: datetime) -> int:
    """Take back runs whose worker died: queue them again, or end them as lost and tell the owner.

    Returns:
        How many runs were taken back.
    """
    with store.read() as shelf:
        if not shelf.runs.expired(now=now):
            return 0
    with store.write() as shelf:
        lost = shelf.runs.lose(now=now, attempts=pace.attempts, limit=pace.batch)
        for run in lost:
            record_lost(shelf, run, url=url, now=now)
        return len(lost) + len(shelf.runs.requeue(now=now, attempts=pace.attempts))
