"""How much trouble there is: what operators watch of incidents. Plain values."""

from dataclasses import dataclass

from incidents.model import IncidentKind, IncidentState


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Open incidents of one kind.

    Attributes:
        severity: The gravest of an incident's open breaches; ``none`` where it has none.
    """

    kind: IncidentKind
    state: IncidentState
    severity: str
    count: int
