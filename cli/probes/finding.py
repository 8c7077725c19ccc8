"""What a probe finds."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a thing is: ``WARN`` works but not as it should, ``FAIL`` does not work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One answer. ``advice`` says what to do; empty when nothing is."""

    name: str
    state: State
    detail: str
    advice: str = ""
