"""Named ways to data, as rows."""

from pathlib import Path

from sqlalchemy import Connection as Transaction
from sqlalchemy import RowMapping, select

from products.model import Connection
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
    )
