"""What can go wrong with products and the ways to their data.

ProductError
└── InvalidConnection   a way to data that cannot be used as it is given
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing that is wrong; ``pointer`` is a JSON pointer, such as ``/host``.

    ``message`` never repeats what was given where that may hold a secret.
    """

    pointer: str
    message: str


class ProductError(Exception):
    """Base of all errors raised by ``products``."""


class InvalidConnection(ProductError):
    """A connection that cannot be kept; ``flaws`` are all that is wrong with it."""

    def __init__(self, flaws: tuple[Flaw, ...]) -> None:
        self.flaws = flaws
        super().__init__("; ".join(f"{flaw.pointer}: {flaw.message}" for flaw in flaws))
