"""What is promised, in words that a consumer reads."""

from collections.abc import Iterable
from typing import Final

from contracts.model import Threshold
from contracts.values import Json

_WORDS: Final = {
    "mustBe": "exactly {}",
    "mustNotBe": "anything but {}",
    "mustBeGreaterThan": "more than {}",
    "mustBeGreaterOrEqualTo": "at least {}",
    "mustBeLessThan": "less than {}",
    "mustBeLessOrEqualTo": "at most {}",
    "mustBeBetween": "between {} and {}",
    "mustNotBeBetween": "below {} or above {}",
}
_LISTED: Final = 8
_LETTERS: Final = 120


def compared(threshold: Threshold | None) -> str:
    """A threshold such as ``at most 5 %``; empty when there is none."""
    if threshold is None:
        return ""
    value = threshold.value
    ends = value if isinstance(value, tuple) else (value,)
    words = _WORDS[threshold.operator].format(*(shown(end) for end in ends))
    return f"{words} %" if threshold.unit == "percent" else words


def one_of(values: Iterable[Json]) -> str:
    """A list of allowed values, cut where it gets long."""
    words = [shown(value) for value in values]
    more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    return f"one of {', '.join(words[:_LISTED])}{more}"


def shown(value: Json) -> str:
    """A single value as the document means it; text in quotes where its ends cannot be seen."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = repr(value) if isinstance(value, str) and _blurred(value) else str(value)
    return text if len(text) <= _LETTERS else f"{text[:_LETTERS]}..."


def _blurred(text: str) -> bool:
    return not text or text != text.strip()
