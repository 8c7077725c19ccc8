"""Bytes of a document -> ``Contract``, or every problem at once."""

import importlib
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final, Protocol

from contracts.document import load
from contracts.errors import InvalidContract
from contracts.model import Contract
from contracts.notes import Notes, in_order
from contracts.problems import Level, Problem
from contracts.read import read
from contracts.tree import MAX_PROBLEMS, Plain

_STANDARD: Final = "contracts.standard:findings"  # loaded on first use: jsonschema costs 100 ms
_AT_KEY: Final = {"unknown-key"}


class _Finding(Protocol):
    """What the standard's schema says against a document."""

    @property
    def code(self) -> str:
        """Stable name of the kind of fault."""
        ...

    @property
    def pointer(self) -> str:
        """JSON pointer to the place."""
        ...

    @property
    def message(self) -> str:
        """What is wrong."""
        ...


def parse(data: bytes) -> Contract:
    """Read a contract.

    Args:
        data: YAML or JSON, UTF-8, at most 256 KB.

    Raises:
        InvalidContract: with every error found, in the order of the text; warnings are left out.
    """
    contract, problems = examine(data)
    if contract is None:
        raise InvalidContract(tuple(p for p in problems if p.severity is Level.ERROR))
    return contract


def examine(data: bytes) -> tuple[Contract | None, tuple[Problem, ...]]:
    """Read a contract and say all there is to say about it.

    Returns:
        The contract, None when it is not valid; and what is wrong, in the order of the text: at
        most ``MAX_PROBLEMS`` errors and as many warnings.
    """
    try:
        document = load(data)
    except InvalidContract as error:
        return None, error.problems
    notes = Notes(document)
    broken = {problem.pointer for problem in document.problems}
    for finding in _check()(document.value):
        if finding.pointer not in broken:
            at_key = finding.code in _AT_KEY
            notes.error(finding.code, finding.pointer, finding.message, at_key=at_key)
    contract = read(document, notes)
    found = notes.sorted()
    errors = [problem for problem in found if problem.severity is Level.ERROR][:MAX_PROBLEMS]
    warnings = [problem for problem in found if problem.severity is Level.WARNING][:MAX_PROBLEMS]
    return None if errors else contract, in_order((*errors, *warnings))


@cache
def _check() -> Callable[[Plain], Iterable[_Finding]]:
    module, name = _STANDARD.split(":")
    check: Callable[[Plain], Iterable[_Finding]] = getattr(importlib.import_module(module), name)
    return check
