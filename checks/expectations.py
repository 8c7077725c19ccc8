"""Which expectations Great Expectations has, without loading it: that takes seconds."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_LISTING: Final = "expectations/__init__.py"
_NAME: Final = re.compile(r"\b(?:Expect|Unexpected)[A-Z]?\w+")
_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")
_NOT_HERE: Final = frozenset({"Expectation", "ExpectQueryResultsToMatchComparison"})


@cache
def expectations() -> Sequence[str]:
    """Names of the expectations that look at one data source, such as ``expect_column_to_exist``.

    Returns:
        The names, sorted; none where the package cannot be looked into.
    """
    spec = find_spec("great_expectations")
    if spec is None or spec.origin is None:
        return ()
    listing = Path(spec.origin).parent / _LISTING
    if not listing.is_file():
        return ()
    found = {*_NAME.findall(listing.read_text(encoding="utf-8"))} - _NOT_HERE
    return sorted(snake(name) for name in found)


def snake(name: str) -> str:
    """``ExpectColumnToExist`` as contracts mostly spell it: ``expect_column_to_exist``."""
    return name if "_" in name else _WORD.sub("_", name).lower()
