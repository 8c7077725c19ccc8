"""The audit log, as rows that are only ever added."""

from dataclasses import replace
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, insert, select

from access.record import GENESIS, AuditEvent, chain
from store.statements import lock
from store.tables.door import AUDIT


class SqlAudit:
    """The audit log inside one transaction.

    Each entry follows the last one that was committed, so those who write must go one at a time.
    Entries are written at the very end, so that nobody waits for a lock while holding that one.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: list[AuditEvent] = []

    def append(self, event: AuditEvent) -> None:
        """Add an event behind the last one, chained to it by hash, when the transaction ends."""
        self._waiting.append(event)

    def settle(self) -> None:
        """Write what waits; the transaction must be committed right after."""
        if not self._waiting:
            return
        lock(self._connection, "audit")
        last = self._connection.execute(
            select(AUDIT.c.hash).order_by(AUDIT.c.id.desc()).limit(1)
        ).scalar_one_or_none()
        previous, rows = last or GENESIS, []
        for event in self._waiting:
            rows.append(_row(event, previous))
            previous = rows[-1]["hash"]
        self._waiting.clear()
        self._connection.execute(insert(AUDIT), rows)

    def all(self) -> tuple[tuple[AuditEvent, str], ...]:
        """Return every event with its hash, oldest first."""
        self.settle()
        rows = self._connection.execute(select(AUDIT).order_by(AUDIT.c.id))
        return tuple(
            (
                AuditEvent(
                    at=row["at"],
                    actor=row["actor"],
                    action=row["action"],
                    subject=row["subject"],
                    detail=row["detail"],
                ),
                row["hash"],
            )
            for row in rows.mappings()
        )


def _row(event: AuditEvent, previous: str) -> dict[str, Any]:
    # The hash covers the time as it is spelt, and it is read back in UTC.
    event = replace(event, at=event.at.astimezone(UTC))
    return {
        "at": event.at,
        "actor": event.actor,
        "action": event.action,
        "subject": event.subject,
        "detail": event.detail,
        "previous": previous,
        "hash": chain(previous, event),
    }
