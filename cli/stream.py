"""Lines of a stream -> server-sent events.

Source: HTML Living Standard, section 9.2, Server-sent events.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event of a stream, such as ``progress``; one without ``kind`` is a sign of life."""

    kind: str = ""
    text: str = ""


def events(lines: Iterable[str]) -> Iterator[Told]:
    """Return what a stream tells, as it comes; an event that was cut off is left out."""
    kind, texts = "", list[str]()
    for line in lines:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            kind = value
        elif name == "data":
            texts.append(value)
        elif line and not name:  # a comment
            yield Told()
        elif not line:
            yield from _whole(kind, texts)
            kind, texts = "", []


def _whole(kind: str, texts: Sequence[str]) -> Iterator[Told]:
    """The event that an empty line ends; one without data is none."""
    if texts:
        yield Told(kind=kind or "message", text="\n".join(texts))
