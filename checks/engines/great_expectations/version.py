"""Which Great Expectations was tested; light, so that it can be asked without importing it."""

from importlib.metadata import PackageNotFoundError, version
from typing import Final

TESTED: Final = "1.24.1"
"""Fusing leans on a private hook of this version."""

_PACKAGE: Final = "great_expectations"


def untested() -> str | None:
    """Why rules are asked one by one and not together; None when the installed one was tested."""
    try:
        installed = version(_PACKAGE)
    except PackageNotFoundError:
        installed = "of an unknown version"
    if installed == TESTED:
        return None
    return (
        f"Great Expectations {installed} is not {TESTED}, with which Assay was tested: its rules "
        "are asked one by one"
    )
