"""Bytes -> ``Document``: the walls that a document must pass before anybody looks at what it says.

At most 256 KB of UTF-8; one document; no YAML tag or alias; no duplicate key; keys are text;
numbers are finite and of sane length; at most 64 levels. Reading takes time in proportion to the
size, whatever is inside.
"""

import re
from typing import Final

from contracts.errors import InvalidContract
from contracts.json_text import read_json
from contracts.problems import Problem
from contracts.tree import Document
from contracts.yaml_text import read_yaml

MAX_BYTES: Final = 256 * 1024
_UNPRINTABLE: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


def load(data: bytes) -> Document:
    """Read YAML, or JSON when the first visible letter is ``{``.

    Raises:
        InvalidContract: The bytes cannot be read at all. What can be read although it is wrong,
            such as a duplicate key, stands in ``Document.problems``.
    """
    if len(data) > MAX_BYTES:
        message = f"{len(data)} bytes: at most {MAX_BYTES} are read"
        raise _unreadable("too-large", 1, 1, message)
    text = _decode(data)
    found = _UNPRINTABLE.search(text)
    if found is not None:
        line, column = _position(text[: found.start()])
        message = f"the character U+{ord(found[0]):04X} is not allowed"
        raise _unreadable("bad-character", line, column, message)
    return read_text(text)


def read_text(text: str) -> Document:
    """Read text behind the walls of bytes: JSON when its first visible letter is ``{``, else YAML.

    Raises:
        InvalidContract: It cannot be read at all.
    """
    return read_json(text) if text.lstrip().startswith("{") else read_yaml(text)


def _decode(data: bytes) -> str:
    body = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _position(body[: error.start].decode("utf-8"))
        message = f"byte 0x{body[error.start]:02X} is not UTF-8"
        raise _unreadable("not-utf8", line, column, message) from error


def _position(before: str) -> tuple[int, int]:
    """Line and column of what follows ``before``."""
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _unreadable(code: str, line: int, column: int, message: str) -> InvalidContract:
    problem = Problem(code=code, pointer="", line=line, column=column, message=message)
    return InvalidContract((problem,))
