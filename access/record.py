"""An entry of the audit log, chained to the one before it."""

import hashlib
import json
from collections.abc import Iterable
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


def broken_at(entries: Iterable[tuple[AuditEvent, str]]) -> int | None:
    """Return the place, from 1, of the first entry whose hash does not follow; None where all do.

    Entries cut off at the end cannot be told from the rest: whoever kept an older hash can.

    Args:
        entries: The whole log, oldest first, each with the hash that is stored beside it.
    """
    previous = GENESIS
    for place, (event, stored) in enumerate(entries, start=1):
        previous = chain(previous, event)
        if previous != stored:
            return place
    return None
