"""Take secrets out of what is logged: values of telling names, and what looks like one in text."""

import re
from collections.abc import Mapping
from typing import Final

HIDDEN: Final = "[hidden]"
_NAMES: Final = re.compile(
    r"(?i)(?:^|[_-])(?:token|password|passwd|passphrase|secret|authorization|cookie|api_?key)s?$"
)
# A login inside an address, a header, a token of this service, and name=value in a sentence.
_PATTERNS: Final = (
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^/\s@'\"]*@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[a-z0-9._~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"\bassay_[A-Za-z0-9_-]{20,}"), HIDDEN),
    (re.compile(r"(?i)\b(password|passwd|secret|token|api_?key)=[^\s&;,'\"]+"), rf"\1={HIDDEN}"),
)
_DEEPEST: Final = 6  # of values within values; beyond, nothing is shown


def redacted(name: str, value: object, depth: int = 0) -> object:
    """Return a value as it may be logged under ``name``; numbers, flags and None are left alone."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if _NAMES.search(name) or depth > _DEEPEST:
        return HIDDEN
    if isinstance(value, Mapping):
        return {key: redacted(str(key), one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [redacted("", one, depth + 1) for one in value]
    return scrubbed(value) if isinstance(value, str) else value


def scrubbed(text: str) -> str:
    """Return text without what looks like a secret."""
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text
