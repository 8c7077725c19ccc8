"""Entity tags (RFC 9110, 8.8.3): how an answer is told from an older one."""

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Final

from contracts.values import Json

ANY: Final = "*"
_LENGTH: Final = 32  # hex digits of a hash: enough to tell two states of one thing apart
_WEAK: Final = "W/"
_TAG: Final = re.compile(r'(?:W/)?"[^"]*"')
# The first member `at` of a scorecard is the moment of asking: it says nothing of the product.
_MOMENTARY: Final = re.compile(r"/scorecard$")
_MOMENT: Final = re.compile(rb'"at":"[^"]*"')


def weak(path: str, body: bytes) -> str:
    """Return the tag of a JSON body that was answered at ``path``.

    Bodies that differ only in the moment of asking share it, so it promises the same meaning, not
    the same bytes.
    """
    told = _MOMENT.sub(b"", body, count=1) if _MOMENTARY.search(path) else body
    return f'{_WEAK}"{_hash(told)}"'


def strong(shown: Json) -> str:
    """Return the tag of a document that is always written the same way."""
    return f'"{_hash(json.dumps(shown, sort_keys=True).encode())}"'


def of_bytes(sha256: str) -> str:
    """Return the tag of bytes that are known by their hash."""
    return f'"{sha256}"'


def unchanged(told: str, tag: str) -> bool:
    """Whether ``If-None-Match: told`` names ``tag``; weak and strong count alike.

    What cannot be read names nothing.
    """
    return told.strip() == ANY or tag.removeprefix(_WEAK) in map(_opaque, _tags(told))


def expected(told: str, tag: str | None) -> bool:
    """Whether ``If-Match: told`` fits what is there, whose tag is ``tag``; None: nothing is there.

    A weak tag never fits: it does not tell the same bytes.
    """
    if tag is None:
        return False
    return told.strip() == ANY or (not tag.startswith(_WEAK) and tag in _tags(told))


def _tags(told: str) -> Iterable[str]:
    return _TAG.findall(told)


def _opaque(tag: str) -> str:
    return tag.removeprefix(_WEAK)


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:_LENGTH]
