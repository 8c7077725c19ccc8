"""Tell operators when no engine shows life: nothing fires, nothing is judged, nobody is told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from usecases.ports import Shelf, Store

ALARM: Final = "dead-man"
"""The name under which it is written down that operators were told of a silence."""
_ENGINE: Final = "engine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """What operators are to hear.

    Attributes:
        silent: Whether the engine fell silent; else it shows life again.
        last: Its newest sign of life, UTC; None where there never was one.
        now: UTC.
        key: The same for all that is said of this turn.
    """

    silent: bool
    last: datetime | None
    now: datetime
    key: str


def look_for_life(
    store: Store,
    say: Callable[[Alarm], bool],
    *,
    patience: timedelta,
    since: datetime,
    now: datetime,
) -> Alarm | None:
    """Say it once when the engine fell silent, and once when it shows life again.

    Any number of processes may look: who writes it down first says it. Where nobody could be
    reached it is taken back, so that the next look tries again.

    Args:
        store: Where signs of life are.
        say: Tells operators; False when nobody could be reached.
        patience: Silence that is no cause for alarm yet.
        since: When this process began to look: what was before is no silence that it saw, UTC.
        now: UTC.

    Returns:
        What was said; None when there was nothing to say.
    """
    with store.read() as shelf:
        if _due(shelf, patience, since, now) is None:
            return None
    with store.write() as shelf:
        alarm = _due(shelf, patience, since, now)
        if alarm is None or not _claim(shelf, alarm):
            return None
    if not say(alarm):
        with store.write() as shelf:
            _take_back(shelf, alarm)
    return alarm


def _due(shelf: Shelf, patience: timedelta, since: datetime, now: datetime) -> Alarm | None:
    beats = shelf.heartbeats.latest()
    last, told = beats.get(_ENGINE), beats.get(ALARM)
    silent = now - max(last or since, since) >= patience
    back = last is not None and told is not None and last > told
    if silent and told is None:
        key = f"{ALARM}:silent:{(last or now).isoformat()}"
        return Alarm(silent=True, last=last, now=now, key=key)
    if back and told is not None and not silent:
        return Alarm(silent=False, last=last, now=now, key=f"{ALARM}:alive:{told.isoformat()}")
    return None


def _claim(shelf: Shelf, alarm: Alarm) -> bool:
    if alarm.silent:
        return shelf.heartbeats.begin(ALARM, alarm.now)
    return shelf.heartbeats.end(ALARM)


def _take_back(shelf: Shelf, alarm: Alarm) -> None:
    if alarm.silent:
        shelf.heartbeats.end(ALARM)
    elif alarm.last is not None:  # before the sign of life, so that it is found again
        shelf.heartbeats.begin(ALARM, alarm.last - timedelta(microseconds=1))
