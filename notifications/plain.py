"""Letter -> plain text, for programs and people who read no HTML."""

import textwrap
from collections.abc import Iterator
from typing import Final

from notifications.letter import Entry, Letter, Sample

_WIDTH: Final = 78
_INDENT: Final = "   "


def plain(letter: Letter) -> str:
    """Return the message as text of at most 78 columns, but for rows of data and addresses."""
    blocks = [
        [f"{letter.product}: {letter.headline}"],
        [line for sentence in letter.lead for line in textwrap.wrap(sentence, _WIDTH)],
        [letter.heading],
        *(list(_entry(number, entry)) for number, entry in enumerate(letter.entries, 1)),
        [letter.more],
        list(_steps(letter)),
        [letter.link],
        [f"{name}: {value}" for name, value in letter.facts],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if any(block)) + "\n"


def _entry(number: int, entry: Entry) -> Iterator[str]:
    head = f"{number}. [{entry.severity.upper()}] {entry.what}"
    yield from textwrap.wrap(head, _WIDTH, subsequent_indent=_INDENT)
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
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    yield ""
    for row in texts:
        padded = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        yield f"{_INDENT}{'  '.join(padded)}".rstrip()
    if sample.note:
        yield f"{_INDENT}({sample.note})"


def _steps(letter: Letter) -> Iterator[str]:
    for step in letter.steps:
        yield from textwrap.wrap(step, _WIDTH, initial_indent="- ", subsequent_indent="  ")
