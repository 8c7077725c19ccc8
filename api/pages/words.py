"""Values -> the words and figures on a page."""

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final

from contracts.timetable import Timetable
from contracts.values import EngineName
from scorecards import words as score_words
from scorecards.model import Score

THIN: Final = "\N{NARROW NO-BREAK SPACE}"
ENOUGH: Final = 0.8
_SHARES: Final = (0.01, 99.99)  # the least and the most that is told of an inexact one
_ENGINES: Final = {
    EngineName.PANDERA: "Pandera",
    EngineName.GREAT_EXPECTATIONS: "Great Expectations",
}
_STEPS: Final = (
    (timedelta(days=60), timedelta(days=30), "months"),
    (timedelta(days=2), timedelta(days=1), "days"),
    (timedelta(hours=1), timedelta(hours=1), "h"),
    (timedelta(minutes=1), timedelta(minutes=1), "min"),
    (timedelta(seconds=10), timedelta(seconds=1), "s"),
)
_LENGTHS: Final = (
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
    (timedelta(seconds=1), "second"),
)
_DAYS: Final = {"* * *": "daily", "* * 1-5": "on weekdays", "* * 1": "on Mondays"}


def ago(at: datetime, now: datetime) -> str:
    """Return such as ``14 min ago`` or ``in 3 h``; ``just now`` within ten seconds."""
    distance = abs(now - at)
    for least, unit, name in _STEPS:
        if distance >= least:
            words = f"{distance // unit} {name}"
            return f"in {words}" if at > now else f"{words} ago"
    return "just now"


def moment(at: datetime) -> str:
    """Return an instant in UTC, to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def number(value: float) -> str:
    """Return a number with its thousands parted, and no more than four decimals."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.4f}".rstrip("0").rstrip(".")
    return text.replace(",", THIN)


def share(part: int, whole: int) -> str:
    """Return ``part`` of ``whole`` in percent; 0 % and 100 % only where that is exact."""
    if part in {0, whole}:
        return f"{100 if part else 0} %"
    percent = 100 * part / whole
    least, most = _SHARES
    return f"< {least} %" if percent < least else f"{min(percent, most):.2f} %"


def plain(value: Enum | str) -> str:
    """Return a word of ours without underscores."""
    text = value.value if isinstance(value, Enum) else value
    return str(text).replace("_", " ")


def engine(name: EngineName | None) -> str:
    """Return an engine's name as its makers write it."""
    return "" if name is None else _ENGINES[name]


def seconds(value: float) -> str:
    """Return a length of time, such as ``340 ms`` or ``2.1 s``."""
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"


def schedule(timetable: Timetable) -> str:
    """Return when a timetable judges, such as ``every 10 min`` or ``daily at 06:00``."""
    if timetable.every is not None:
        return f"every {_length(timetable.every)}"
    if timetable.cron is None:
        return "by the schedules of its clauses"
    words = _cron(timetable.cron)
    return words if timetable.timezone == "UTC" else f"{words} ({timetable.timezone})"


def _length(span: timedelta) -> str:
    """Return a whole length of time in the largest unit that fits it exactly."""
    for unit, name in _LENGTHS:
        if span % unit == timedelta(0):
            return name if span == unit else f"{span // unit} {name}s"
    return str(span)


def _cron(line: str) -> str:
    """Return a cron line in words where it is a plain one, else as it is."""
    minute, hour, *days = line.split()
    if days == ["*", "*", "*"] and hour == "*" and minute.startswith("*/"):
        return f"every {minute[2:]} min"
    if minute.isdecimal() and hour.isdecimal() and " ".join(days) in _DAYS:
        return f"{_DAYS[' '.join(days)]} at {int(hour):02}:{int(minute):02}"
    return f"cron {line}"


def leading(score: Score) -> float | None:
    """Return what a card leads with: S, S_low where too little is backed, None where nothing is."""
    if score.quality is None:
        return None
    return score.quality if score.assurance >= ENOUGH else score.low


def moved(value: float) -> str:
    """Return by how many points a score moved, with its sign: ``+1.8``; ``±0`` where by none."""
    return score_words.moved(value) or "\N{PLUS-MINUS SIGN}0"
