"""Problems of a document, each with the line that it stands in."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from cli.files import Source
from cli.output import BAD, FAINT, GOOD, STRONG, UNSURE, line, plural, visible
from contracts.problems import Level, Problem

_STYLES: Final = {Level.ERROR: BAD, Level.WARNING: UNSURE}
_BEFORE: Final = 60  # characters of a long line shown before the place
_AFTER: Final = 40


def render(source: Source, problems: Sequence[Problem]) -> list[Text]:
    """Return a line for each problem, the source line below it, and a verdict at the end."""
    return [*listed(source, problems), _verdict(source.label, problems)]


def listed(source: Source, problems: Sequence[Problem]) -> list[Text]:
    """Return a line for each problem, with the source line below it."""
    texts = source.lines
    return [text for problem in problems for text in _one(source.label, texts, problem)]


def errors(problems: Sequence[Problem]) -> int:
    """Count what makes the document invalid."""
    return sum(problem.severity is Level.ERROR for problem in problems)


def _one(label: str, texts: Sequence[str], problem: Problem) -> Iterator[Text]:
    yield line(
        (f"{label}:{problem.line}:{problem.column}", STRONG),
        ": ",
        (problem.severity.value, _STYLES[problem.severity]),
        f" {problem.code}: {problem.message}",
    )
    if not 1 <= problem.line <= len(texts) or not texts[problem.line - 1].strip():
        return
    text = texts[problem.line - 1]
    place = min(problem.column - 1, len(text))
    start = max(0, place - _BEFORE)
    number = f"{problem.line:>5} | "
    shown = text[start : place + _AFTER].replace("\t", " ")
    yield line((number, FAINT), shown)
    offset = cell_len(visible(shown[: place - start]))
    yield line((f"{'| ':>8}", FAINT), " " * offset, ("^", _STYLES[problem.severity]))


def _verdict(label: str, problems: Sequence[Problem]) -> Text:
    wrong = errors(problems)
    warnings = len(problems) - wrong
    told = [plural(wrong, "error")] if wrong else []
    told += [plural(warnings, "warning")] if warnings else []
    verdict = ("invalid", BAD) if wrong else ("valid", GOOD)
    return line((label, STRONG), ": ", verdict, "".join(f", {words}" for words in told))
