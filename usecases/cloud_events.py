"""Events -> CloudEvents 1.0, as JSON holds them.

Source: CloudEvents 1.0.2, https://github.com/cloudevents/spec (JSON event format).
"""

from access.event import Event
from contracts.instants import instant
from usecases.documents import Document


def cloud_event(event: Event, *, source: str) -> Document:
    """Return ``event`` as a document; ``source`` is where the service is reached."""
    return {
        "specversion": "1.0",
        "id": str(event.id),
        "source": source,
        "type": event.kind.value,
        "subject": event.subject,
        "time": instant(event.at),
        "datacontenttype": "application/json",
        "data": {"product": event.product, **event.facts},
    }
