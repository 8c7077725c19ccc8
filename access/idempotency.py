"""Requests that may be sent twice and are carried out once: a key, and what was answered to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from access.model import Principal


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """A request with an idempotency key.

    Attributes:
        by: Who sent it. Keys of others are other keys.
        key: What they called it.
        request: SHA-256 in hex of all that makes it this request and no other.
    """

    by: Principal
    key: str
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What was answered. ``body`` is None where it held a secret, which is not kept."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a key. Times are UTC.

    Attributes:
        id: Of its row.
        request: Hash of the request that it came with first.
        attempt: How often the request was begun; only the newest may keep its answer.
        claimed_at: When it was begun last.
        expires_at: When the key is forgotten.
        reply: The answer; None while the request is being worked on, or was left by a crash.
    """

    id: int
    request: str
    attempt: int
    claimed_at: datetime
    expires_at: datetime
    reply: Reply | None
