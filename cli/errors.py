"""What stops a command that is nobody's bug. Each says what, where and what to do in one line.

CliError
├── BadUsage        asked for in a way that cannot be answered
│   └── NotThere    the service has no such thing
├── Refused         the service keeps what it has: the version exists, the change is not allowed
├── Unready         a port, folder, database or file of this machine stands in the way
└── ServiceFault    the service does not answer, or does not let this token in
    └── Unanswered  nobody answered for now: the same question may be answered later
"""

from typing import ClassVar

from cli.exits import Exit


class CliError(Exception):
    """Base of all errors raised by ``cli``; ``exit`` is the status that the command ends with."""

    exit: ClassVar[Exit] = Exit.BUG


class BadUsage(CliError):
    """The command was asked for something that it cannot do; another call can."""

    exit = Exit.USAGE


class NotThere(BadUsage):
    """The service has no such thing."""


class Refused(CliError):
    """The service read the contract, and does not take it."""

    exit = Exit.INVALID


class Unready(CliError):
    """Something on this machine stands in the way."""

    exit = Exit.UNJUDGED


class ServiceFault(CliError):
    """The service could not be asked, or did not want to answer."""

    exit = Exit.SERVICE


class Unanswered(ServiceFault):
    """Nobody answered, or not for now: the same question may be answered later."""
