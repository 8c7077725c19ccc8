"""Keys of requests, and what was answered to them, as rows."""

import json
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, select, update

from access.idempotency import Keyed, Known, Reply
from store.statements import insert_new
from store.tables.feed import KEY

_BEGUN_AGAIN: Final = {"status": None, "headers": None, "body": None}


class SqlKeys:
    """Keys inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, keyed: Keyed, *, now: datetime, expires_at: datetime) -> int | None:
        """Begin the request of a new key and return its row's id; None when the key is there."""
        row = {
            "principal": _principal(keyed),
            "key": keyed.key,
            "request": keyed.request,
            "attempt": 1,
            "claimed_at": now,
            "expires_at": expires_at,
        }
        added = insert_new(self._connection, KEY).values(row).returning(KEY.c.id)
        return self._connection.execute(added).scalar_one_or_none()

    def find(self, keyed: Keyed) -> Known | None:
        """Return what is known of a key, held until the transaction ends."""
        found = self._connection.execute(
            select(KEY)
            .where(KEY.c.principal == _principal(keyed), KEY.c.key == keyed.key)
            .with_for_update()
        )
        row = found.mappings().one_or_none()
        return None if row is None else _known_of(row)

    def begin_again(
        self, known: Known, keyed: Keyed, *, now: datetime, expires_at: datetime
    ) -> int:
        """Begin a request once more, whatever became of it before; return the attempt's number."""
        attempt = known.attempt + 1
        self._connection.execute(
            update(KEY)
            .where(KEY.c.id == known.id)
            .values(
                request=keyed.request,
                attempt=attempt,
                claimed_at=now,
                expires_at=expires_at,
                **_BEGUN_AGAIN,
            )
        )
        return attempt

    def keep(self, key_id: int, attempt: int, reply: Reply) -> bool:
        """Keep what was answered; False when a newer attempt has begun, or the key is forgotten."""
        kept = self._connection.execute(
            update(KEY)
            .where(KEY.c.id == key_id, KEY.c.attempt == attempt)
            .values(status=reply.status, headers=dict(reply.headers), body=reply.body)
        )
        return kept.rowcount == 1

    def free(self, key_id: int, attempt: int) -> None:
        """Forget a key whose request came to nothing, unless a newer attempt has begun."""
        self._connection.execute(
            delete(KEY).where(KEY.c.id == key_id, KEY.c.attempt == attempt, KEY.c.status.is_(None))
        )

    def expired(self, now: datetime) -> bool:
        """Whether ``forget`` would find anything; a cheap read."""
        found = self._connection.execute(select(KEY.c.id).where(KEY.c.expires_at <= now).limit(1))
        return found.first() is not None

    def forget(self, now: datetime, *, limit: int) -> int:
        """Delete at most ``limit`` keys whose time is over, and say how many."""
        over = select(KEY.c.id).where(KEY.c.expires_at <= now).order_by(KEY.c.expires_at)
        gone = self._connection.execute(delete(KEY).where(KEY.c.id.in_(over.limit(limit))))
        return gone.rowcount


def _principal(keyed: Keyed) -> str:
    return json.dumps([keyed.by.name, keyed.by.role.value, keyed.by.domain])


def _known_of(row: RowMapping) -> Known:
    answered = row["status"] is not None
    return Known(
        id=row["id"],
        request=row["request"],
        attempt=row["attempt"],
        claimed_at=row["claimed_at"],
        expires_at=row["expires_at"],
        reply=Reply(status=row["status"], headers=row["headers"] or {}, body=row["body"])
        if answered
        else None,
    )
