"""What is wrong with a request before it reaches a use case.

ApiError
├── BadInput        values that no use case may see; one fact for each
├── Changed         it is not what the one who changes it has seen
├── CrossSite       a browser sent a change on behalf of another site
├── NotAcceptable   there is no form of it that is wanted
├── NotReady        the service is up, but not whole
├── NotReadable     a body of a kind that is not read here
├── AlreadyCreated  it was made by the same request before, and is not shown again
└── TooManyStreams  as many are open as this process keeps open
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One wrong value.

    Attributes:
        pointer: JSON pointer (RFC 6901) into the body; below ``/query`` for a parameter.
    """

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


class Changed(ApiError):
    """A precondition does not hold; ``tag`` is the one that would, None where nothing is there."""

    def __init__(self, what: str, tag: str | None) -> None:
        self.tag = tag
        now = "it is not there" if tag is None else f"its ETag is {tag}"
        super().__init__(
            f"{what} is not what the request expects: {now}; read it again, then decide anew"
        )


class CrossSite(ApiError):
    """A change that came with a session's cookie, but not from one of our own pages."""


class NotAcceptable(ApiError):
    """None of ``offers`` (media types) is among what ``accept`` names."""

    def __init__(self, accept: str, offers: tuple[str, ...]) -> None:
        self.offers = offers
        super().__init__(
            f"there is {' and '.join(offers)} here, but 'Accept: {accept}' wants neither"
        )


class NotReadable(ApiError):
    """A body of another media type or charset than ``application/json`` in UTF-8."""

    def __init__(self, given: str) -> None:
        said = f"not 'Content-Type: {given}'" if given else "and no Content-Type came with it"
        super().__init__(f"the body must be 'Content-Type: application/json' in UTF-8, {said}")


class NotReady(ApiError):
    """Parts of the service gave no sign of life; ``silent`` says since when, None for never."""

    def __init__(self, silent: dict[str, datetime | None]) -> None:
        self.silent = silent
        super().__init__(f"no sign of life from: {', '.join(sorted(silent))}")


class AlreadyCreated(ApiError):
    """The same request made it before, with a secret that was shown once; ``location`` is where."""

    def __init__(self, location: str) -> None:
        self.location = location
        what = f"made {location}" if location else "was carried out"
        super().__init__(
            f"the first request with this key {what}; its answer held a secret, which is not kept. "
            "If it got lost, revoke what was made and ask with another key"
        )


class TooManyStreams(ApiError):
    """The ``most`` streams that this process keeps open, or keeps open for ``one``, are open."""

    def __init__(self, most: int, one: str | None = None) -> None:
        self.most = most
        self.one = one
        whose = f"{most} streams are open" if one is None else f"{one!r} has {most} streams open"
        owed = "" if one is None else " for one who listens"
        super().__init__(f"{whose}, which is as many as this process keeps open{owed}")
