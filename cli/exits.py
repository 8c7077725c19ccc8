"""What a command's exit status says; scripts rely on these numbers."""

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended."""

    OK = 0
    NO = 1  # the data or a gate says no
    USAGE = 2
    INVALID = 3  # the contract is invalid, or its change breaks
    UNJUDGED = 4  # could not tell: data, port, folder, an errored clause
    SERVICE = 5  # the service or its token
    BUG = 70
    INTERRUPTED = 130
    PIPE_CLOSED = 141
