"""One thing wrong in a document, and where."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a problem matters: an ``ERROR`` makes the document invalid, a ``WARNING`` not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem of a document.

    Attributes:
        code: Stable, hyphenated name of the kind of problem, such as ``duplicate-key``.
        pointer: JSON pointer (RFC 6901) to the place; empty for the whole document.
        line: Line of the place in the text, from 1.
        column: Column of the place in its line, from 1, in characters.
        severity: Error or warning.
        message: What is wrong and what to write instead.
    """

    code: str
    pointer: str
    line: int
    column: int
    severity: Level = Level.ERROR
    message: str
