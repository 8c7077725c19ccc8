"""Collects what is wrong with a document, each with its line and column."""

import difflib
from collections.abc import Iterable
from typing import Final

from contracts.problems import Level, Problem
from contracts.tree import Document

_GUESSED: Final = 64


class Notes:
    """Problems found so far in one document."""

    def __init__(self, document: Document) -> None:
        self.problems: list[Problem] = list(document.problems)
        self._document = document
        self._seen = {(problem.code, problem.pointer) for problem in self.problems}

    def error(self, code: str, pointer: str, message: str, *, at_key: bool = False) -> None:
        """Record what makes the document invalid."""
        self._add(code, pointer, message, level=Level.ERROR, at_key=at_key)

    def warn(self, code: str, pointer: str, message: str) -> None:
        """Record what the author should look at."""
        self._add(code, pointer, message, level=Level.WARNING, at_key=False)

    def _add(self, code: str, pointer: str, message: str, *, level: Level, at_key: bool) -> None:
        if (code, pointer) in self._seen:
            return
        self._seen.add((code, pointer))
        line, column = self._document.place(pointer, key=at_key)
        self.problems.append(
            Problem(
                code=code,
                pointer=pointer,
                line=line,
                column=column,
                severity=level,
                message=message,
            )
        )

    def sorted(self) -> tuple[Problem, ...]:
        """All problems in the order of the text."""
        return in_order(self.problems)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The same problems in the order of the text."""
    return tuple(sorted(problems, key=lambda p: (p.line, p.column, p.pointer, p.code)))


def guess(word: str, known: Iterable[str]) -> str:
    """`` (did you mean 'x'?)`` when a known word is close to ``word``, else nothing."""
    if len(word) > _GUESSED:
        return ""
    lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), lower, n=1, cutoff=0.7)
    return f" (did you mean '{lower[close[0]]}'?)" if close else ""
