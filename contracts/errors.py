"""What can be wrong with a contract document.

ContractError
└── InvalidContract   the document cannot be read as a contract; carries every problem found
"""

from contracts.problems import Problem


class ContractError(Exception):
    """Base of all errors raised by ``contracts``."""


class InvalidContract(ContractError):
    """The document is not a contract. ``problems`` lists every one found, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{p.pointer or '/'}: {p.message}" for p in problems))
