"""What is wrong with a request before it reaches a use case.

ApiError
├── BadInput    values that no use case may see; one fact for each
├── CrossSite   a browser sent a change on behalf of another site
└── NotReady    the service is up, but not whole
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One wrong value: ``pointer`` is a JSON pointer (RFC 6901) into the body."""

    code: str
    pointer: str
    detail: str


class ApiError(Exception):
    """Base of all errors raised by ``api``."""


class BadInput(ApiError):
    """The request can be read, but its values cannot be used."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.pointer}: {fault.detail}" for fault in faults))


class CrossSite(ApiError):
    """A change that came with a session's cookie, but not from one of our own pages."""


class NotReady(ApiError):
    """Parts of the service gave no sign of life; ``silent`` says since when, None for never."""

    def __init__(self, silent: dict[str, datetime | None]) -> None:
        self.silent = silent
        super().__init__(f"no sign of life from: {', '.join(sorted(silent))}")
