"""Receivers to which nothing is sent any more, as rows."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, delete, or_, select

from notifications.model import Disabled, Receiver
from store.statements import insert_new
from store.tables.trouble import DISABLED

_COLUMNS: Final = (DISABLED.c.channel, DISABLED.c.target, DISABLED.c.disabled_at, DISABLED.c.error)


class SqlReceivers:
    """Receivers inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def disable(self, receiver: Receiver, *, error: str, now: datetime) -> bool:
        """Send nothing more to a receiver; False where nothing was sent there already."""
        row = dict(zip(("channel", "target"), receiver, strict=True))
        statement = (
            insert_new(self._connection, DISABLED)
            .values({**row, "disabled_at": now, "error": error})
            .returning(DISABLED.c.channel)
        )
        return self._connection.execute(statement).scalar_one_or_none() is not None

    def disabled(self, receivers: Collection[Receiver]) -> Mapping[Receiver, Disabled]:
        """Return those of ``receivers`` to which nothing is sent."""
        if not receivers:
            return {}
        targets = {target for _, target in receivers}
        rows = self._connection.execute(select(*_COLUMNS).where(DISABLED.c.target.in_(targets)))
        found = {
            (row.channel, row.target): Disabled(since=row.disabled_at, error=row.error)
            for row in rows
        }
        return {one: found[one] for one in receivers if one in found}

    def enable(self, receivers: Collection[Receiver]) -> int:
        """Send to ``receivers`` again, and return how many were disabled."""
        if not receivers:
            return 0
        each = [
            and_(DISABLED.c.channel == channel, DISABLED.c.target == target)
            for channel, target in receivers
        ]
        return self._connection.execute(delete(DISABLED).where(or_(*each))).rowcount
