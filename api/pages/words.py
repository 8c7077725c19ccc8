"""Values -> the words and figures on a page."""

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final

from contracts.clause import Clause, Kind
from contracts.values import EngineName
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
_PHRASES: Final = {
    Kind.COLUMN_PRESENT: "{subject} exists",
    Kind.OBJECT_PRESENT: "{subject} exists",
    Kind.TYPE: "{subject} is of type {threshold}",
    Kind.PHYSICAL_TYPE: "{subject} is stored as {threshold}",
    Kind.REQUIRED: "{subject} is {threshold}",
    Kind.PRIMARY_KEY: "key {threshold}",
    Kind.UNIQUE: "{subject} has {threshold}",
    Kind.ENUM: "{subject} is {threshold}",
    Kind.MINIMUM: "{subject} is {threshold}",
    Kind.MAXIMUM: "{subject} is {threshold}",
    Kind.EXCLUSIVE_MINIMUM: "{subject} is {threshold}",
    Kind.EXCLUSIVE_MAXIMUM: "{subject} is {threshold}",
    Kind.MULTIPLE_OF: "{subject} is {threshold}",
    Kind.RELATIONSHIP: "{subject} is {threshold}",
    Kind.ROW_COUNT: "{subject} has {threshold}",
    Kind.NULL_VALUES: "{subject} has {threshold}",
    Kind.MISSING_VALUES: "{subject} has {threshold}",
    Kind.INVALID_VALUES: "{subject} has {threshold}",
    Kind.DUPLICATE_VALUES: "{subject} has {threshold}",
    Kind.SQL: "the query gives {threshold}",
    Kind.EXPECTATION: "{subject} {threshold}",
    Kind.TEXT: "{threshold}",
}


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


def percent(value: float) -> str:
    """Return a share of 0..1 in whole percent, never rounded up to 100 %."""
    return f"{int(value * 100 + 1e-9)} %"


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


def promise(clause: Clause) -> str:
    """Return what a clause promises, as a sentence about its column, object or product."""
    subject = clause.column or clause.schema or "the product"
    phrase = _PHRASES.get(clause.kind)
    if phrase is not None:
        return phrase.format(subject=subject, threshold=clause.threshold).strip()
    return f"{subject}, {plain(clause.kind)}: {clause.threshold}".removesuffix(": ")


def leading(score: Score) -> float | None:
    """Return what a card leads with: S, S_low where too little is backed, None where nothing is."""
    if score.quality is None:
        return None
    return score.quality if score.assurance >= ENOUGH else score.low
