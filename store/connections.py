"""Named ways to data, as rows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection as Transaction
from sqlalchemy import RowMapping, select

from products.model import Connection, Database, Tls
from store.statements import upsert
from store.tables.promise import CONNECTION


class SqlConnections:
    """Connections inside one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def put(self, connection: Connection) -> None:
        """Keep a connection; one of the same name is replaced."""
        row = {
            "name": connection.name,
            "source": connection.source,
            "roots": [str(root) for root in connection.roots],
            "database": None if connection.database is None else _kept(connection.database),
        }
        upsert(self._transaction, CONNECTION, [row], by=["name"])

    def get(self, name: str) -> Connection | None:
        """Return one connection."""
        found = self._transaction.execute(select(CONNECTION).where(CONNECTION.c.name == name))
        row = found.mappings().one_or_none()
        return None if row is None else _connection_of(row)

    def all(self) -> tuple[Connection, ...]:
        """Return every connection by name."""
        rows = self._transaction.execute(select(CONNECTION).order_by(CONNECTION.c.name))
        return tuple(_connection_of(row) for row in rows.mappings())


def _connection_of(row: RowMapping) -> Connection:
    return Connection(
        name=row["name"],
        source=row["source"],
        roots=tuple(Path(root) for root in row["roots"]),
        database=None if row["database"] is None else _database_of(row["database"]),
    )


def _kept(database: Database) -> dict[str, str | int | None]:
    return {
        "host": database.host,
        "port": database.port,
        "name": database.name,
        "user": database.user,
        "secret": database.secret,
        "tls": database.tls.value,
    }


def _database_of(kept: Mapping[str, Any]) -> Database:  # Any: JSON as _kept wrote it
    return Database(
        host=kept["host"],
        port=kept["port"],
        name=kept["name"],
        user=kept["user"],
        secret=kept["secret"],
        tls=Tls(kept["tls"]),
    )
