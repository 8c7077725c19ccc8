"""Signs of life, one row a process."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from store.statements import upsert
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
