"""Which incidents somebody wants to see."""

from dataclasses import dataclass

from incidents.model import IncidentKind, IncidentState


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFilter:
    """Incidents for which everything that is not None holds; ``open`` False are those over."""

    product: str | None = None
    state: IncidentState | None = None
    kind: IncidentKind | None = None
    open: bool | None = None
