"""The feed of events, as rows that are only ever added, numbered in the order of commits."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, insert, select

from access.event import Event, EventKind, Stretch
from store.statements import lock
from store.tables.feed import HAPPENED


class SqlEvents:
    """Events inside one transaction.

    Whoever follows the feed asks for what lies behind the last number seen. Were two transactions
    to number their events first and commit in the other order, one would be passed by. So events
    are written at the very end of their transaction, under a lock that is held until its commit.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: list[Event] = []

    def append(self, event: Event) -> None:
        """Add an event behind the last one, when the transaction ends."""
        self._waiting.append(event)

    def settle(self) -> None:
        """Write what waits; the transaction must be committed right after."""
        if not self._waiting:
            return
        lock(self._connection, "event")
        self._connection.execute(insert(HAPPENED), [_row(event) for event in self._waiting])
        self._waiting.clear()

    def after(
        self, event_id: int, *, product: str | None, kinds: Collection[EventKind], limit: int
    ) -> Stretch:
        """Return events behind ``event_id``, oldest first; of every kind where ``kinds`` is empty.

        ``newest`` was looked up before them: whatever comes up to it and is asked for is there.
        """
        ends = select(func.min(HAPPENED.c.id), func.max(HAPPENED.c.id))
        oldest, newest = self._connection.execute(ends).one()
        conditions: list[ColumnElement[bool]] = [HAPPENED.c.id > event_id]
        if product is not None:
            conditions.append(HAPPENED.c.product == product)
        if kinds:
            conditions.append(HAPPENED.c.kind.in_([kind.value for kind in kinds]))
        rows = self._connection.execute(
            select(HAPPENED).where(*conditions).order_by(HAPPENED.c.id).limit(limit)
        )
        events = tuple(_event_of(row) for row in rows.mappings())
        return Stretch(events=events, oldest=oldest or 0, newest=newest or 0)

    def old(self, before: datetime) -> bool:
        """Whether ``forget`` would find anything; a cheap read."""
        found = self._connection.execute(select(HAPPENED.c.id).where(*_old(before)).limit(1))
        return found.first() is not None

    def forget(self, before: datetime, *, limit: int) -> int:
        """Delete at most ``limit`` events from before that instant, oldest first; say how many.

        The newest of them stays: it tells up to where the feed was cut off.
        """
        oldest = select(HAPPENED.c.id).where(*_old(before)).order_by(HAPPENED.c.id).limit(limit)
        gone = self._connection.execute(delete(HAPPENED).where(HAPPENED.c.id.in_(oldest)))
        return gone.rowcount


def _old(before: datetime) -> tuple[ColumnElement[bool], ...]:
    newest = select(func.max(_PAST.c.id)).where(_PAST.c.at < before).scalar_subquery()
    return (HAPPENED.c.at < before, HAPPENED.c.id < newest)


_PAST: Final = HAPPENED.alias("past")


def _row(event: Event) -> dict[str, object]:
    return {
        "at": event.at,
        "kind": event.kind.value,
        "subject": event.subject,
        "product": event.product,
        "facts": event.facts,
    }


def _event_of(row: RowMapping) -> Event:
    return Event(
        id=row["id"],
        at=row["at"],
        kind=EventKind(row["kind"]),
        subject=row["subject"],
        product=row["product"],
        facts=row["facts"],
    )
