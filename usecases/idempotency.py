"""Carry a request with a key out once: begin it, keep what was answered, or set the key free."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from access.idempotency import Keyed, Known, Reply
from usecases.errors import KeyReused, StillWorking
from usecases.ports import Shelf, Store

KEPT: Final = timedelta(hours=24)
_CRASHED: Final = timedelta(seconds=60)  # after this an attempt that said nothing counts as dead


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """The right to carry a request out, and to keep its answer while no newer attempt begins."""

    key_id: int
    attempt: int


def begin(store: Store, keyed: Keyed, *, now: datetime) -> Begun | Reply:
    """Claim a key; return the answer instead where the request was carried out before.

    A key counts for 24 hours from the request's beginning.

    Raises:
        KeyReused: the key came with another request before.
        StillWorking: the request is being worked on; an attempt of 60 s counts as dead.
    """
    expires_at = now + KEPT
    with store.write() as shelf:
        added = shelf.keys.add(keyed, now=now, expires_at=expires_at)
        if added is not None:
            return Begun(key_id=added, attempt=1)
        known = shelf.keys.find(keyed)
        if known is None:  # forgotten in this very moment
            raise StillWorking(keyed.key)
        return _again(shelf, known, keyed, now)


def _again(shelf: Shelf, known: Known, keyed: Keyed, now: datetime) -> Begun | Reply:
    if known.expires_at > now:
        if known.request != keyed.request:
            raise KeyReused(keyed.key)
        if known.reply is not None:
            return known.reply
        if known.claimed_at + _CRASHED > now:
            raise StillWorking(keyed.key)
    attempt = shelf.keys.begin_again(known, keyed, now=now, expires_at=now + KEPT)
    return Begun(key_id=known.id, attempt=attempt)


def keep(store: Store, begun: Begun, reply: Reply) -> bool:
    """Keep what was answered; False when a newer attempt has begun, whose answer will be kept."""
    with store.write() as shelf:
        return shelf.keys.keep(begun.key_id, begun.attempt, reply)


def free(store: Store, begun: Begun) -> None:
    """Set a key free whose request came to nothing, so that it may be sent again at once."""
    with store.write() as shelf:
        shelf.keys.free(begun.key_id, begun.attempt)
