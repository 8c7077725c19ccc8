"""What cannot be done to an incident.

IncidentError
├── NotOpen         it is over: there is nothing to acknowledge or resolve
└── ReasonMissing   a person resolves it without saying why
"""

from incidents.model import Incident


class IncidentError(Exception):
    """Base of all errors raised by ``incidents``."""


class NotOpen(IncidentError):
    """The incident is resolved or closed."""

    def __init__(self, incident: Incident) -> None:
        self.incident = incident
        super().__init__(f"incident {incident.id} of {incident.product} is {incident.state}")


class ReasonMissing(IncidentError):
    """Resolving by hand needs a reason in words."""

    def __init__(self, incident: Incident) -> None:
        self.incident = incident
        super().__init__(f"say why incident {incident.id} of {incident.product} is resolved")
