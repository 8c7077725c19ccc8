"""Reasons as an owner reads them."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from checks.complaints import plainly
from checks.errors import CheckError, FailedStatement
from checks.threshold import number

_NOISE: Final = re.compile(
    r"\s*(\[SQL:|\[parameters:|\(Background on this error|LINE \d+:|Did you mean|"
    r"Candidate functions|\n\s*\n).*",
    re.DOTALL,
)
_LEAD: Final = re.compile(r"^((\(?[\w.]+(Exception|Error)\)?:?|(Invalid Input|IO) Error:)\s+)+")
_BEFORE: Final = re.compile(r"(\(?[\w.]+\)?:?\s+)?(Binder|Catalog|Parser) Error: ")
_LONGEST: Final = 300
_NAMES: Final = 10
MASK: Final = "•••"
HIDDEN: Final = "could not be computed; why is not told, since it might show a sensitive cell"


def counted(count: int, noun: str) -> str:
    """``1 row``, ``2 rows``, ``1,000 rows``."""
    return f"{number(count)} {noun}" if count == 1 else f"{number(count)} {noun}s"


def share(count: int, rows: int, verb: tuple[str, str]) -> str:
    """``3 of 1,000 rows are null``; ``verb`` holds what one row and what several do."""
    return f"{number(count)} of {counted(rows, 'row')} {verb[0] if count == 1 else verb[1]}"


def repeated(values: int, rows: int) -> str:
    """``2 values occur more than once (5 rows)``."""
    verb = "occurs" if values == 1 else "occur"
    return f"{counted(values, 'value')} {verb} more than once ({counted(rows, 'row')})"


def missing_column(column: str, table: str, there: Iterable[str]) -> str:
    """Why a column's presence failed, with ten of the columns ``there`` at most."""
    return f"no column {column!r} in {table}; there are {listed(there)}"


def listed(names: Iterable[str]) -> str:
    """``a, b`` or, of more than ten, ``a, b, c, d, e, f, g, h, i, j and 2 more``."""
    told = ["''" if name == "" else name for name in names]
    more = f" and {number(len(told) - _NAMES)} more" if len(told) > _NAMES else ""
    return ", ".join(told[:_NAMES]) + more


def short(text: str) -> str:
    """``text``, cut after 300 characters."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def fault(error: BaseException | str, *, masked: bool = False, roots: Iterable[Path] = ()) -> str:
    """One line about an error of a library: no stack, no statement, no folder of this machine.

    Args:
        error: What was raised, or its text.
        masked: Tell no words of a library but those about the question alone, since they may hold a
            cell of a sensitive column.
        roots: Folders whose place must not be told.
    """
    text = str(error) or type(error).__name__
    for root in roots:
        text = text.replace(f"{root}/", "")
    text = " ".join(_LEAD.sub("", _NOISE.sub("", plainly(text.strip()))).split())
    if masked and not _about_question(error):
        return HIDDEN
    return short(text)


def _about_question(error: BaseException | str) -> bool:
    """Whether its words are ours, or the database's before it has looked at any cell."""
    if isinstance(error, CheckError) and not isinstance(error, FailedStatement):
        return True
    return _BEFORE.match(str(error)) is not None
