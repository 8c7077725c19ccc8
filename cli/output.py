"""What a command shows: its result on stdout, all else on stderr; colour on terminals only."""

import json
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Final, Literal, TextIO, TypeAlias

from cyclopts import Parameter
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from contracts.values import Json

Form: TypeAlias = Annotated[
    Literal["text", "json"],
    Parameter(name="--format", help="Answer for people or for programs."),
]
Part: TypeAlias = str | tuple[str, str]
"""A piece of a line: plain text, or (text, style) where style is one of Rich's."""

GOOD: Final = "green"
BAD: Final = "bold red"
UNSURE: Final = "yellow"
FAINT: Final = "dim"
STRONG: Final = "bold"
_GAP: Final = "  "
_CONTROLS: Final = {
    **{code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))},
    **{code: f"\\u{code:04x}" for code in (*range(0x2028, 0x202F), *range(0x2066, 0x206A))},
}


def visible(text: str) -> str:
    """Return ``text`` with every control character spelt out, so that no terminal obeys it."""
    return text.translate(_CONTROLS)


def line(*parts: Part) -> Text:
    """Return one line made of ``parts``, none of which can command a terminal."""
    text = Text()
    for part in parts:
        words, style = (part, "") if isinstance(part, str) else part
        text.append(visible(words), style or None)
    return text


def table(
    headers: Sequence[str], rows: Sequence[Sequence[Part]], *, right: Collection[int] = ()
) -> list[Text]:
    """Return a heading and ``rows`` in columns as wide as they look.

    Args:
        headers: One heading a column; a table whose headings are all empty has no first line.
        rows: Each as long as ``headers``.
        right: Places of the columns that are aligned on the right.
    """
    shown = [[(header, FAINT) for header in headers]] if any(headers) else []
    everything: list[Sequence[Part]] = [*shown, *rows]
    widths = [
        max((cell_len(visible(_words(row[place]))) for row in everything), default=0)
        for place in range(len(headers))
    ]
    return [_row(row, widths, right) for row in everything]


def indented(lines: Sequence[Text], by: int) -> list[Text]:
    """Return ``lines`` moved to the right."""
    return [Text(" " * by) + text for text in lines]


def show(*lines: Text) -> None:
    """Write lines to stdout."""
    _write(sys.stdout, lines)


def note(*parts: Part) -> None:
    """Write one line to stderr."""
    _write(sys.stderr, [line(*parts)])


def show_json(document: Json) -> None:
    """Write one JSON document to stdout."""
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


@contextmanager
def progress(message: str) -> Iterator[None]:
    """Show on stderr, while the block runs and only on a terminal, that something is going on."""
    console = Console(file=sys.stderr, highlight=False)
    if not console.is_terminal:
        yield
        return
    with console.status(line(message)):
        yield


def plural(count: int, noun: str) -> str:
    """Return ``1 clause``, ``2 clauses`` or ``1,000 rows``."""
    ending = "" if count == 1 else "es" if noun.endswith("ch") else "s"
    return f"{count:,} {noun}{ending}"


def _words(part: Part) -> str:
    return part if isinstance(part, str) else part[0]


def _row(row: Sequence[Part], widths: Sequence[int], right: Collection[int]) -> Text:
    text = Text()
    last = len(row) - 1
    for place, (part, width) in enumerate(zip(row, widths, strict=True)):
        blank = " " * (width - cell_len(visible(_words(part))))
        before, after = (blank, "") if place in right else ("", blank if place < last else "")
        text += line(before, part, after, "" if place == last else _GAP)
    text.rstrip()
    return text


def _write(stream: TextIO, lines: Sequence[Text]) -> None:
    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    with console.capture() as captured:
        for text in lines:
            console.print(text, soft_wrap=True)
    stream.write(captured.get())
