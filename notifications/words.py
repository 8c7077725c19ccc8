"""Facts as people read them: times, stretches, counts, cells. All of it leaves on one line."""

import unicodedata
from datetime import datetime, timedelta
from typing import Final

from checks.model import Cell

_LONGEST_CELL: Final = 60
_UNITS: Final = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
_LEAST_PERCENT: Final = 0.01
_STRANGE: Final = "\ufffd"
_JOINERS: Final = "\u200c\u200d"  # Persian is misspelt, and emoji fall apart, without them


def clean(text: str) -> str:
    """Return ``text`` on one line, with what cannot be seen (control, direction) made visible."""
    spaced = " ".join(text.split())
    return "".join(char if char.isprintable() or char in _JOINERS else _STRANGE for char in spaced)


def short(text: str, most: int) -> str:
    """Return ``text`` clean, at most ``most`` characters long."""
    words = clean(text)
    return words if len(words) <= most else f"{words[: most - 1]}…"


def columns(text: str) -> int:
    """Return how wide a terminal shows ``text``: letters of East Asia and emoji take two."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    unseen = sum(unicodedata.combining(char) > 0 or char in _JOINERS for char in text)
    return len(text) + wide - unseen


def cell(value: Cell) -> str:
    """Return a value of the data, at most 60 characters long."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    return short(str(value), _LONGEST_CELL) or "(blank)"


def moment(at: datetime) -> str:
    """Return such as ``20 Nov 2026, 13:05:10 UTC``. ``at`` is UTC."""
    return f"{at.day} {at:%b %Y, %H:%M:%S} UTC"


def stretch(length: timedelta) -> str:
    """Return the two largest parts of a length of time, such as ``2 h 5 min``."""
    seconds = max(0, int(length.total_seconds()))
    for place, (unit, size) in enumerate(_UNITS[:-1]):
        if seconds >= size:
            smaller, smaller_size = _UNITS[place + 1]
            rest = seconds % size // smaller_size
            return f"{seconds // size} {unit}" + (f" {rest} {smaller}" if rest else "")
    return f"{seconds} s"


def share_of_rows(failed: int | None, rows: int | None) -> str:
    """Return such as ``152 of 60,175 rows (0.25 %)``; empty where rows do not apply."""
    if failed is None:
        return ""
    if not rows:
        return f"{failed:,} rows"
    percent = 100 * failed / rows
    share = (
        "under 0.01" if 0 < percent < _LEAST_PERCENT else f"{percent:.2f}".rstrip("0").rstrip(".")
    )
    return f"{failed:,} of {rows:,} rows ({share} %)"
