"""Letter -> plain text, for programs and people who read no HTML."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import Final

from notifications.letter import Entry, Letter, Sample
from notifications.words import columns

_WIDTH: Final = 78
_INDENT: Final = "   "


def plain(letter: Letter) -> str:
    """Return the message as text of at most 78 columns, but for rows of data and addresses."""
    blocks = [
        _wrapped(f"{letter.product}: {letter.headline}"),
        list(_lines(letter.lead)),
        [f"{words}: {address}" for words, address in letter.links],
        [letter.heading],
        *(list(_entry(number, entry)) for number, entry in enumerate(letter.entries, 1)),
        [letter.more],
        ["What to do", *_steps(letter)] if letter.steps else [],
        list(_lines((f"{name}: {value}" for name, value in letter.facts), _INDENT)),
        [f"> {line}".rstrip() for line in letter.quote.splitlines()],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if any(block)) + "\n"


def _lines(texts: Iterable[str], indent: str = "") -> Iterator[str]:
    for text in texts:
        yield from _wrapped(text, indent)


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent=indent, break_on_hyphens=False)


def _entry(number: int, entry: Entry) -> Iterator[str]:
    mark = "NEW, " if entry.fresh else ""
    yield from _wrapped(f"{number}. [{mark}{entry.severity.upper()}] {entry.what}", _INDENT)
    aside = ", ".join(part for part in (entry.where, entry.rows) if part)
    for words in (aside, entry.reason):
        yield from textwrap.wrap(words, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)
    if entry.sample is not None:
        yield from _sample(entry.sample)


def _sample(sample: Sample) -> Iterator[str]:
    """Yield the rows as a table; offending cells stand in ``> <``."""
    table = [sample.columns, *sample.rows]
    texts = [
        [f">{shown.text}<" if shown.offending else shown.text for shown in row] for row in table
    ]
    widths = [max(map(columns, column)) for column in zip(*texts, strict=True)]
    yield ""
    for row in texts:
        padded = (
            text + " " * (width - columns(text)) for text, width in zip(row, widths, strict=True)
        )
        yield f"{_INDENT}{'  '.join(padded)}".rstrip()
    if sample.note:
        yield f"{_INDENT}({sample.note})"


def _steps(letter: Letter) -> Iterator[str]:
    for step in letter.steps:
        yield from textwrap.wrap(step, _WIDTH, initial_indent="- ", subsequent_indent="  ")
