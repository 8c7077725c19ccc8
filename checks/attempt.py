"""Where one part must not sink the rest: try it, and get what went wrong as a value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from typing_extensions import override

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """What an attempt raised. It must be recorded, never dropped."""

    error: Exception

    @override
    def __str__(self) -> str:
        """Return it for people, such as ``OSError: no space left on device``."""
        return f"{type(self.error).__name__}: {self.error}"


def attempt(work: Callable[[], T]) -> T | Fault:
    """Return what ``work`` returns, or the fault that it raised."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - the one place: callers record it and go on
        return Fault(error)
