"""Read what operators watch: how much waits, for how long, and what ended since the last look."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from incidents.figures import Trouble
from runs.figures import Ended, Line
from usecases.dead_man import ALARM
from usecases.ports import Shelf, Store

_PAGE: Final = 500
_PAGES: Final = 20  # read in one look; what is left comes with the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the database says at one moment. Ages are seconds, 0 where nothing waits.

    Attributes:
        queued: Runs that wait for a worker.
        running: Runs that are being judged.
        lateness: How long the schedule is overdue that is so longest.
        outbox: Notices still to arrive.
        outbox_age: How long the first of those that are due has been due.
        dead_letters: Notices that were given up.
        requested: Runs ever asked for.
        attempts: Tries ever made to send a notice.
        beats: Seconds since the newest sign of life, by part of the engine.
    """

    queued: int
    queue_age: float
    running: int
    lateness: float
    outbox: int
    outbox_age: float
    dead_letters: int
    requested: int
    attempts: int
    trouble: tuple[Trouble, ...]
    beats: Mapping[str, float]


def read_figures(store: Store, *, now: datetime) -> Reading:
    """Return what the database says; raises what the store raises when it cannot be read."""
    with store.read() as shelf:
        return _read(shelf, now)


def _read(shelf: Shelf, now: datetime) -> Reading:
    found = shelf.figures
    queued, outbox = found.queued(), found.outbox(now)
    beats = shelf.heartbeats.latest()
    return Reading(
        queued=queued.length,
        queue_age=_age(queued, now),
        running=found.running(),
        lateness=_since(found.overdue(now), now),
        outbox=outbox.length,
        outbox_age=_age(outbox, now),
        dead_letters=shelf.notices.count_dead(),
        requested=found.requested(),
        attempts=found.attempts(),
        trouble=found.trouble(),
        beats={part: _since(at, now) for part, at in beats.items() if part != ALARM},
    )


class Follower:
    """Tells each run that ended since it began to look once, in the order of the feed of events.

    The numbers of events follow the order of commits, so none is passed by, and a look costs only
    what is new. It is for one thread at a time.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._after: int | None = None

    def news(self) -> Iterator[Ended]:
        """Yield what ended since the last look; the first look only finds out where to begin."""
        if self._after is None:
            with self._store.read() as shelf:
                self._after = shelf.figures.newest()
            return
        for _ in range(_PAGES):
            with self._store.read() as shelf:
                page = shelf.figures.ended(self._after, limit=_PAGE)
            for event, ended in page.items():
                self._after = event
                yield ended
            if len(page) < _PAGE:
                return


def _age(line: Line, now: datetime) -> float:
    return _since(line.since, now)


def _since(at: datetime | None, now: datetime) -> float:
    return 0.0 if at is None else max(0.0, (now - at).total_seconds())
