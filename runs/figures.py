"""How much waits, and what came to an end: what operators watch of a queue. Plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How many wait, and since when the first of them does; None when nobody waits."""

    length: int
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A run that came to an end.

    Attributes:
        outcome: What came of it; ``lost`` where nobody could finish it.
        attempts: How often it was claimed.
        waited: Seconds from asking to the last claim; None where it was never claimed.
        seconds: Wall seconds by phase; empty where it was lost.
    """

    outcome: str
    attempts: int
    waited: float | None
    seconds: Mapping[str, float]
