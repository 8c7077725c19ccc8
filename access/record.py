"""An entry of the audit log, chained to the one before it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

GENESIS: Final = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """Who did what to what, and when (UTC). ``subject`` is such as ``contract/orders``."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: str = ""


def chain(previous: str, event: AuditEvent) -> str:
    """Return the hash of ``event`` after the one whose hash is ``previous``, in hex (SHA-256).

    The first event follows ``GENESIS``. A change to any earlier event changes every later hash.
    """
    facts = [
        previous,
        event.at.isoformat(),
        event.actor,
        event.action,
        event.subject,
        event.detail,
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
