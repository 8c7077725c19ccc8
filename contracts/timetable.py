"""When a contract wants to be judged: a cron line or an interval, and what belongs to it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

MAX_JITTER: Final = 3600
_SECONDS: Final = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_EVERY: Final = re.compile(r"every\s+([0-9]{1,9})\s*(s|min|h|d)")
_LONGEST: Final = timedelta(days=366)
_CRON: Final = re.compile(r"[0-9A-Za-z*/,#-]{1,200}")
_CRON_FIELDS: Final = 5
_WRITE: Final = "write minute, hour, day, month and weekday, such as 0 6 * * 1-5"
_ANY_DAY: Final = datetime(2024, 1, 1, tzinfo=UTC)
_ZONE: Final = re.compile(r"[A-Za-z0-9+_-]+(?:/[A-Za-z0-9+_-]+)*")
_MISSED: Final = re.compile(r"skip|run_once|catch_up:[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """A schedule as the contract states it. At most one of ``cron`` and ``every`` is set.

    Neither is where the contract has no schedule of its own, and some of its clauses have.

    Attributes:
        cron: Five cron fields.
        every: Length of the interval, at least 1 s.
        timezone: IANA name in which ``cron`` is read.
        jitter: Most seconds by which an instant may be put off, 0 to 3600; None: by hash, up to 60.
        missed: ``skip``, ``run_once`` or ``catch_up:n``.
    """

    cron: str | None = None
    every: timedelta | None = None
    timezone: str = "UTC"
    jitter: int | None = None
    missed: str = "run_once"

    @property
    def empty(self) -> bool:
        """Whether nothing is judged by it."""
        return self.cron is None and self.every is None


def read_schedule(text: str) -> tuple[str | None, timedelta | None]:
    """The words of a schedule -> ``(cron, None)`` or ``(None, every)``.

    Args:
        text: ``every 5s``, ``every 10min``, ``every 1h``, ``every 1d``, or five cron fields.

    Raises:
        ValueError: It is neither, or no instant ever fits it (31 February).
    """
    words = text.strip()
    if words.lower().startswith("every"):
        return None, _interval(words.lower())
    return read_cron_line(words), None


def read_cron_line(text: str) -> str:
    """Five cron fields -> the same, without blanks around them.

    Raises:
        ValueError: They are none, or no instant ever fits them (31 February).
    """
    _check_cron(text.strip())
    return text.strip()


def check_timezone(name: str) -> None:
    """Hold a zone against the IANA database.

    Raises:
        ValueError: There is no such zone.
    """
    try:
        known = _ZONE.fullmatch(name) is not None and ZoneInfo(name) is not None
    except (ZoneInfoNotFoundError, OSError, ValueError):
        known = False
    if not known:
        raise ValueError(
            f"{name[:80]!r} is not a time zone: write one such as Europe/Berlin or UTC"
        )


def check_missed(word: str) -> None:
    """Hold the word for missed instants against the known ones.

    Raises:
        ValueError: It is none of them.
    """
    if not _MISSED.fullmatch(word):
        raise ValueError(f"{word[:80]!r} is not one of skip, run_once, catch_up:n (1 to 999)")


def _interval(words: str) -> timedelta:
    match = _EVERY.fullmatch(words)
    if match is None:
        raise ValueError(
            f"{words[:80]!r} is not an interval: write one such as every 5s, 10min, 1h or 1d"
        )
    length = timedelta(seconds=int(match[1]) * _SECONDS[match[2]])
    if not timedelta(seconds=1) <= length <= _LONGEST:
        raise ValueError("an interval must be at least 1 second and at most 366 days")
    return length


def _check_cron(words: str) -> None:
    fields = words.split()
    if len(fields) != _CRON_FIELDS or not all(_CRON.fullmatch(field) for field in fields):
        raise ValueError(
            f"{words[:80]!r} is neither five cron fields nor 'every' and an interval: "
            f"{_WRITE}, or every 10min"
        )
    try:
        next(CronSim(words, _ANY_DAY))
    except (CronSimError, AssertionError, TypeError, ValueError) as error:
        raise ValueError(f"{words[:80]!r} is not a cron line: {error}; {_WRITE}") from error
    except StopIteration as error:
        raise ValueError(f"{words[:80]!r} never comes: no day fits it; {_WRITE}") from error
