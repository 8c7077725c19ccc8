"""Contract files as they are named on the command line; ``-`` is stdin."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, TypeAlias

from cyclopts import Parameter

from cli.errors import BadUsage

STDIN: Final = "-"
_MOST: Final = 16 * 1024 * 1024  # far above what a contract may be: whoever reads it says so
_BREAK: Final = re.compile("\r\n|[\n\r]")


FileNames: TypeAlias = Annotated[
    str,
    Parameter(
        name="FILE",
        help="Contract files; - reads stdin.",
        allow_leading_hyphen=True,
        required=True,
    ),
]
"""For ``*files``: a list would let no file stand behind an option."""
FileName: TypeAlias = Annotated[
    str,
    Parameter(
        name="FILE",
        help="A contract file; - reads stdin.",
        allow_leading_hyphen=True,
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document and the name that it goes by."""

    path: str
    body: bytes

    @property
    def label(self) -> str:
        """The name for people."""
        return "<stdin>" if self.path == STDIN else self.path

    @property
    def lines(self) -> list[str]:
        """The text by lines; what is no UTF-8 is replaced."""
        return _BREAK.split(self.body.removeprefix(b"\xef\xbb\xbf").decode(errors="replace"))


def read(path: str) -> Source:
    """Read one file.

    Raises:
        BadUsage: It is not there, is a folder, or may not be read.
    """
    if path.startswith("-") and path != STDIN:
        raise BadUsage(f"there is no option {path}; a file of that name is ./{path}")
    if path == STDIN:
        return Source(path=path, body=sys.stdin.buffer.read(_MOST))
    try:
        with Path(path).open("rb") as file:
            return Source(path=path, body=file.read(_MOST))
    except IsADirectoryError as error:
        raise BadUsage(f"{path} is a folder; name a contract file in it") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise BadUsage(f"cannot read {path}: {str(reason).lower()}") from error
