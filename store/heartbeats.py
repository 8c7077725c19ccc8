"""Signs of life, one row a process."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select

from store.statements import insert_new, upsert
from store.tables.door import HEARTBEAT


class SqlHeartbeats:
    """Heartbeats inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def beat(self, process: str, now: datetime) -> None:
        """Say that ``process`` (such as ``worker``) is alive."""
        upsert(self._connection, HEARTBEAT, [{"process": process, "at": now}], by=["process"])

    def latest(self) -> Mapping[str, datetime]:
        """Return the newest sign of life of each process."""
        rows = self._connection.execute(select(HEARTBEAT.c.process, HEARTBEAT.c.at))
        return dict(rows.all())

    def begin(self, name: str, now: datetime) -> bool:
        """Write down that ``name`` began; False when somebody did so before."""
        row = insert_new(self._connection, HEARTBEAT).values(process=name, at=now)
        added = self._connection.execute(row.returning(HEARTBEAT.c.process))
        return added.scalar_one_or_none() is not None

    def end(self, name: str) -> bool:
        """Forget that ``name`` began; False when somebody did so before."""
        gone = self._connection.execute(delete(HEARTBEAT).where(HEARTBEAT.c.process == name))
        return gone.rowcount == 1
