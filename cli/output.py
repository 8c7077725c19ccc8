"""What a command shows: its result on stdout, all else on stderr; colour on terminals only."""

import json
import re
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Final, Literal, TextIO, TypeAlias

from cyclopts import Parameter
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from contracts.values import Json

Form: TypeAlias = Annotated[
    Literal["text", "json"],
    Parameter(
        name="--format",
        help="Answer for people or for programs; faults too, on stderr.",
    ),
]
Part: TypeAlias = str | tuple[str, str]
"""A piece of a line: plain text, or (text, style) where style is one of Rich's."""

GOOD: Final = "green"
BAD: Final = "bold red"
UNSURE: Final = "yellow"
FAINT: Final = "dim"
STRONG: Final = "bold"
_GAP: Final = "  "
_SPINNER: Final = "*  "  # room for what turns, so that the line is never drawn over two
_WORD: Final = re.compile(r"\s*\S+\s*")
_NARROWEST: Final = 12  # letters below which a column or a line is not made narrower
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
    headers: Sequence[str],
    rows: Sequence[Sequence[Part]],
    *,
    right: Collection[int] = (),
    within: int | None = None,
) -> list[Text]:
    """Return a heading and ``rows`` in columns as wide as they look.

    Args:
        headers: One heading a column; a table whose headings are all empty has no first line.
        rows: Each as long as ``headers``.
        right: Places of the columns that are aligned on the right.
        within: Letters of a line at most, for which the widest columns are cut; None: any number.
    """
    shown = [[(header, FAINT) for header in headers]] if any(headers) else []
    everything: list[Sequence[Part]] = [*shown, *rows]
    widths = [_widest(everything, place) for place in range(len(headers))]
    if within is not None:
        widths = _fitted(widths, within)
        everything = [
            [_cut(part, width) for part, width in zip(row, widths, strict=True)]
            for row in everything
        ]
    return [_row(row, widths, right) for row in everything]


def indented(lines: Sequence[Text], by: int) -> list[Text]:
    """Return ``lines`` moved to the right."""
    return [_whole(Text(" " * by) + text, no_wrap=text.no_wrap) for text in lines]


def room() -> int | None:
    """Return how many letters a line of stdout holds; None where it is no terminal."""
    console = _console(sys.stdout)
    return console.width if console.is_terminal else None


def show(*lines: Text) -> None:
    """Write lines to stdout."""
    _write(sys.stdout, lines)


def note(*parts: Part) -> None:
    """Write one line to stderr."""
    _write(sys.stderr, [line(*parts)])


def note_json(document: Json) -> None:
    """Write one JSON document to stderr, on a line of its own."""
    sys.stderr.write(json.dumps(document, allow_nan=False) + "\n")


def show_json(document: Json) -> None:
    """Write one JSON document to stdout."""
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


@contextmanager
def progress(message: str) -> Iterator[Callable[[str], None]]:
    """Show on stderr, while the block runs and only on a terminal, that something is going on.

    Yields:
        What tells more of it, in a few words after the message.
    """
    console = Console(file=sys.stderr, highlight=False)
    if not console.is_terminal:
        yield lambda _: None
        return

    def short(*parts: Part) -> Text:
        text = line(*parts)
        text.truncate(console.width - len(_SPINNER), overflow="ellipsis")
        return text

    with console.status(short(message)) as status:
        yield lambda words: status.update(short(message, (f"  {words}", FAINT)))


def plural(count: int, noun: str) -> str:
    """Return ``1 clause``, ``2 clauses`` or ``1,000 rows``."""
    ending = "" if count == 1 else "es" if noun.endswith("ch") else "s"
    return f"{count:,} {noun}{ending}"


def _words(part: Part) -> str:
    return part if isinstance(part, str) else part[0]


def _widest(rows: Sequence[Sequence[Part]], place: int) -> int:
    """The letters that the column at ``place`` needs."""
    return max((cell_len(visible(_words(row[place]))) for row in rows), default=0)


def _row(row: Sequence[Part], widths: Sequence[int], right: Collection[int]) -> Text:
    text = Text()
    last = len(row) - 1
    for place, (part, width) in enumerate(zip(row, widths, strict=True)):
        blank = " " * (width - cell_len(visible(_words(part))))
        before, after = (blank, "") if place in right else ("", blank if place < last else "")
        text += line(before, part, after, "" if place == last else _GAP)
    text.rstrip()
    return _whole(text, no_wrap=True)


def _whole(text: Text, *, no_wrap: bool | None) -> Text:
    """``text``, whose line is never broken if ``no_wrap``."""
    text.no_wrap = no_wrap
    return text


def _fitted(widths: Sequence[int], within: int) -> list[int]:
    """The widths, the widest of them made less until all fit, though none below a few letters."""
    fitted = list(widths)
    spare = within - len(_GAP) * (len(fitted) - 1)
    while sum(fitted) > spare and max(fitted) > _NARROWEST:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted


def _cut(part: Part, width: int) -> Part:
    """``part``, its end left out where it is wider than ``width``; brackets around it are kept."""
    words, style = (part, "") if isinstance(part, str) else part
    shown = visible(words)
    if cell_len(shown) <= width:
        return part
    end = "…]" if shown.startswith("[") and shown.endswith("]") else "…"
    return (set_cell_size(shown, width - len(end)).rstrip() + end, style)


def _console(stream: TextIO) -> Console:
    return Console(file=stream, highlight=False, markup=False, emoji=False)


def _write(stream: TextIO, lines: Sequence[Text]) -> None:
    console = _console(stream)
    with console.capture() as captured:
        for text in lines:
            for part in _broken(text, console):
                console.print(part, soft_wrap=True)
    stream.write(captured.get())


def _broken(text: Text, console: Console) -> Sequence[Text]:
    """``text`` as lines that fit on the terminal, those after the first further to the right.

    What is no terminal takes lines of any length. A word is never broken: it may be a path.
    """
    if not console.is_terminal or text.no_wrap or text.cell_len <= console.width:
        return [text]
    margin = len(text.plain) - len(text.plain.lstrip())
    hang = margin + len(_GAP)
    if console.width - hang < _NARROWEST:
        return [text]
    lines = text.divide(_breaks(text.plain, console.width, hang))
    for each in lines:
        each.rstrip()
    return [lines[0], *(Text(" " * hang) + each for each in lines[1:])]


def _breaks(text: str, width: int, hang: int) -> Iterator[int]:
    """Where new lines begin in ``text``; those after the first have ``hang`` letters less."""
    used = 0
    for word in _WORD.finditer(text):
        if used and used + cell_len(word[0].rstrip()) > width:
            yield word.start()
            used = hang
        used += cell_len(word[0])
