"""Receivers in words: whole for those who may know them, masked for all others."""

from typing import Final
from urllib.parse import urlsplit

from notifications.words import short

_MAIL: Final = "email"
_LONGEST: Final = 120


def masked(channel: str, target: str) -> str:
    """Return enough of a receiver to tell it from others: ``o…@example.org``, ``host/…``."""
    if channel == _MAIL:
        name, _, domain = target.rpartition("@")
        return short(f"{name[:1]}…@{domain}", _LONGEST)
    return f"{_host(target)}/…"


def spoken(channel: str, target: str) -> str:
    """Return a receiver for those who are told too; of a URL only its host: the rest is a key."""
    return short(target, _LONGEST) if channel == _MAIL else f"{_host(target)} ({channel})"


def _host(url: str) -> str:
    try:
        return short(urlsplit(url).hostname or "", _LONGEST)
    except ValueError:  # no URL: nothing of it is shown
        return ""
