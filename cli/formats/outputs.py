"""Where a command's answer goes beside the terminal: files, or stdout in its place."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Final, TextIO

from cyclopts import Parameter

from cli.errors import BadUsage, Unready
from cli.formats.case import Suite
from cli.formats.github import github
from cli.formats.junit import junit
from cli.formats.sarif import sarif
from cli.output import Form

STDOUT: Final = "-"
_FileOption = Annotated[str | None, Parameter(allow_leading_hyphen=True)]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """What build servers are told.

    Attributes:
        junit: Write JUnit XML to this file; ``-`` is stdout.
        sarif: Write SARIF 2.1.0 to this file; ``-`` is stdout.
        github: Print notes that GitHub Actions shows beside the lines of the contract.
    """

    junit: _FileOption = None
    sarif: _FileOption = None
    github: Annotated[bool, Parameter(negative="", show_default=False)] = False

    @property
    def wanted(self) -> bool:
        """Whether any is."""
        return self.github or self.junit is not None or self.sarif is not None

    @property
    def replace_stdout(self) -> bool:
        """Whether one of them stands on stdout in place of the command's own answer."""
        return STDOUT in {self.junit, self.sarif}

    def claim(self, form: Form) -> None:
        """Make sure that stdout holds one document.

        Raises:
            BadUsage: it would hold two.
        """
        claims = [self.junit == STDOUT, self.sarif == STDOUT, form == "json"]
        if sum(claims) > 1:
            raise BadUsage("stdout holds one document: write the others to files")

    def write(self, suites: Sequence[Suite], *, of: str, form: Form) -> None:
        """Write each that is wanted.

        Args:
            suites: What the command looked at.
            of: The command's name.
            form: What stdout holds else: notes for GitHub go to stderr beside a document.

        Raises:
            Unready: a file cannot be written.
        """
        forms: list[tuple[str | None, Callable[[Sequence[Suite]], str]]] = [
            (self.junit, junit),
            (self.sarif, partial(sarif, of=of)),
        ]
        for target, render in forms:
            if target is not None:
                _put(target, render(suites))
        if self.github:
            alone = form == "text" and not self.replace_stdout
            stream: TextIO = sys.stdout if alone else sys.stderr
            stream.write(github(suites))


def _put(target: str, text: str) -> None:
    """Write ``text`` whole or not at all."""
    if target == STDOUT:
        sys.stdout.write(text)
        return
    path = Path(target).resolve()  # a link stays one
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():  # such as /dev/stderr
            path.write_text(text, encoding="utf-8")
        else:
            _swap(path, text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise Unready(f"cannot write {target}: {reason}") from error


def _swap(path: Path, text: str) -> None:
    """Have ``path`` hold ``text``: nobody ever reads a part of it."""
    with NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}.", delete=False, encoding="utf-8"
    ) as part:
        try:
            part.write(text)
            part.flush()
            Path(part.name).chmod(0o666 & ~_umask())
            Path(part.name).replace(path)
        except OSError:
            Path(part.name).unlink(missing_ok=True)
            raise


def _umask() -> int:
    """What new files may not allow. There is no way to look at it but to set it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
