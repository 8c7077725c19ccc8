"""What can go wrong in judging that is no finding about the data.

CheckError
├── UnknownPlugin    no engine or source has that name; the message lists the known ones
├── UnreachableData  one object's data cannot be found or read; becomes ``errored`` for its clauses
├── RefusedQuery     a query is not one harmless SELECT over the contract's objects
├── FailedStatement  the database refused a statement, or broke off in the middle of it
├── StoppedQuery     a statement ran longer than it may
└── UnjudgeableClause   the clause's arguments make no question that can be put to this data
"""


class CheckError(Exception):
    """Base of all errors raised by ``checks``."""


class UnknownPlugin(CheckError):
    """No engine or source has that name."""


class UnreachableData(CheckError):
    """Data of one object cannot be found or read. The message names no place outside the roots."""


class RefusedQuery(CheckError):
    """The query is not one harmless SELECT. ``reason`` says what it holds that is not allowed."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"query refused: {reason}")


class FailedStatement(CheckError):
    """The database could not run a statement. The message is its own."""


class StoppedQuery(CheckError):
    """The statement was stopped at its time limit of ``seconds``."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"stopped after {seconds:g} s")


class UnjudgeableClause(CheckError):
    """The clause asks something that cannot be asked of this column or with these arguments."""
