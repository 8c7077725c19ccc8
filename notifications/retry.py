"""How long to wait before a notice is tried again, and when to give up."""

import hashlib
from datetime import timedelta
from typing import Final

ATTEMPTS: Final = 12
_FIRST: Final = timedelta(minutes=1)
_LONGEST: Final = timedelta(hours=6)
_SPREAD: Final = 0.25


def backoff(attempt: int, key: str) -> timedelta | None:
    """Return the wait behind a failed try: 1 min, doubled each time up to 6 h, give or take 25 %.

    The twelve tries span most of a day. The jitter comes from a hash, so that notices that failed
    together do not come back together, and the same try always waits as long.

    Args:
        attempt: Tries so far, at least 1.
        key: The notice's idempotency key.

    Returns:
        The wait, or None after the last try: the notice is a dead letter.
    """
    if attempt >= ATTEMPTS:
        return None
    digest = hashlib.sha256(f"{key}/{attempt}".encode()).digest()
    jitter = int.from_bytes(digest[:8]) / 2**64 * 2 - 1
    doublings = max(0, attempt - 1)
    return min(_LONGEST, _FIRST * (1 << doublings)) * (1 + _SPREAD * jitter)
