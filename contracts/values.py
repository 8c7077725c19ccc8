"""The closed lists of words that a contract speaks in."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"


class Severity(StrEnum):
    """How much a broken clause hurts, gravest first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def blocking(self) -> bool:
        """Whether a failure opens an incident and turns a check red."""
        return self in {Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM}


class Dimension(StrEnum):
    """The seven dimensions of quality of the Open Data Contract Standard."""

    ACCURACY = "accuracy"
    COMPLETENESS = "completeness"
    CONFORMITY = "conformity"
    CONSISTENCY = "consistency"
    COVERAGE = "coverage"
    TIMELINESS = "timeliness"
    UNIQUENESS = "uniqueness"


class EngineName(StrEnum):
    """Who judges a clause."""

    PANDERA = "pandera"
    GREAT_EXPECTATIONS = "great_expectations"
