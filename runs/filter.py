"""Which runs somebody wants to see."""

from dataclasses import dataclass

from checks.model import Outcome
from runs.model import RunState, Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFilter:
    """Runs for which everything that is not None holds; ``outcome`` is the verdict of a report."""

    product: str | None = None
    state: RunState | None = None
    outcome: Outcome | None = None
    trigger: Trigger | None = None
