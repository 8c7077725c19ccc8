"""One thing that was looked at and how it ended, whatever form it is told in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from cli.files import STDIN


class Weight(StrEnum):
    """How much a case that did not pass matters; the words are SARIF's."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A clause that was judged, or a problem of a document.

    Attributes:
        group: What it belongs to, such as an object of the contract.
        name: Identity inside of the document; stays the same from run to run.
        rule: Kind of the question, such as ``minimum`` or ``unknown-key``.
        title: What was looked at, in words.
        outcome: ``passed``, ``failed``, ``errored`` or ``skipped``; ``warned`` of what passes and
            is worth a look.
        message: Why it did not pass, in one sentence; empty when it did.
        detail: More lines about it, for those who open it.
        line: Of the document, from 1; likewise ``column``, in characters.
        seconds: How long it took; None where nobody measured.
    """

    group: str
    name: str
    rule: str
    title: str
    outcome: str
    weight: Weight = Weight.ERROR
    message: str = ""
    detail: tuple[str, ...] = ()
    line: int = 1
    column: int = 1
    seconds: float | None = None

    @property
    def trouble(self) -> bool:
        """Whether somebody should look at it."""
        return self.outcome in {"failed", "errored", "warned"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """All cases of one document.

    Attributes:
        name: What was looked at, such as ``orders 1.2.0``.
        identity: The same without what changes from version to version.
        path: The document's file, as it was named; ``-`` is stdin.
        at: When; aware.
    """

    name: str
    identity: str
    path: str
    cases: Sequence[Case]
    at: datetime

    @property
    def place(self) -> str | None:
        """The file below the current folder, with slashes; None for stdin."""
        if self.path == STDIN:
            return None
        path = Path(self.path)
        whole, here = path.resolve(), Path.cwd().resolve()
        return whole.relative_to(here).as_posix() if whole.is_relative_to(here) else path.as_posix()
