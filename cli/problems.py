"""Problems of a document, each with the line that it stands in."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from cli.files import Source
from cli.output import BAD, FAINT, GOOD, STRONG, UNSURE, line, plural, room, visible
from contracts.problems import Level, Problem

_STYLES: Final = {Level.ERROR: BAD, Level.WARNING: UNSURE}
_BEFORE: Final = 60  # characters of a long line shown before the place
_AFTER: Final = 80
_GUTTER: Final = 8  # letters before the text of a line
_SHORTEST: Final = 20
_TOKEN: Final = re.compile(
    r"""
    "(?:[^"\\]|\\.)*" | '(?:[^']|'')*'    # in quotes
    | [\[{]                              # the start of a list or a mapping
    | [^\s:,\]}#]+ (?: (?:\ |:(?!\s|$)) (?!\#) [^\s:,\]}#]+ )*  # words
    """,
    re.VERBOSE,
)


def render(source: Source, problems: Sequence[Problem]) -> list[Text]:
    """Return each problem with its line, errors before warnings, and a verdict at the end."""
    ordered = sorted(problems, key=lambda problem: problem.severity is Level.WARNING)
    return [*listed(source, ordered), _verdict(source.label, problems)]


def listed(source: Source, problems: Sequence[Problem]) -> list[Text]:
    """Return a line for each problem, with the source line below it."""
    texts = source.lines
    return [text for problem in problems for text in _one(source.label, texts, problem)]


def errors(problems: Sequence[Problem]) -> int:
    """Count what makes the document invalid."""
    return sum(problem.severity is Level.ERROR for problem in problems)


def told(wrong: int, warnings: int) -> str:
    """Return ``, 2 errors, 1 warning``; nothing where there are none."""
    parts = [plural(wrong, "error")] if wrong else []
    parts += [plural(warnings, "warning")] if warnings else []
    return "".join(f", {words}" for words in parts)


def _one(label: str, texts: Sequence[str], problem: Problem) -> Iterator[Text]:
    yield line(
        (f"{label}:{problem.line}:{problem.column}", STRONG),
        ": ",
        (problem.severity.value, _STYLES[problem.severity]),
        f" {problem.code}: {problem.message}",
    )
    if not 1 <= problem.line <= len(texts) or not texts[problem.line - 1].strip():
        return
    text = texts[problem.line - 1].replace("\t", " ")
    place = min(problem.column - 1, len(text))
    start, end = _window(place)
    seen = ("…" if start else "") + text[start + bool(start) : end]
    seen = seen[:-1] + "…" if end < len(text) else seen
    shown = line((f"{problem.line:>5} | ", FAINT), seen)
    shown.no_wrap = True
    yield shown
    offset = cell_len(visible(seen[: place - start]))
    carets = "^" * max(1, cell_len(visible(_token(text, place)[: end - place])))
    yield line((f"{'| ':>8}", FAINT), " " * offset, (carets, _STYLES[problem.severity]))


def _window(place: int) -> tuple[int, int]:
    """Which part of a line is shown: around ``place``, as much as the terminal is wide."""
    width = room()
    if width is None:
        return max(0, place - _BEFORE), place + _AFTER
    held = max(width - _GUTTER, _SHORTEST)
    start = 0 if place < held - _SHORTEST else place - held // 2
    return start, start + held


def _token(text: str, place: int) -> str:
    """What stands at ``place``: a key, a value, or what opens one."""
    found = _TOKEN.match(text, place)
    return found[0].rstrip() if found else ""


def _verdict(label: str, problems: Sequence[Problem]) -> Text:
    wrong = errors(problems)
    verdict = ("invalid", BAD) if wrong else ("valid", GOOD)
    return line((label, STRONG), ": ", verdict, told(wrong, len(problems) - wrong))
