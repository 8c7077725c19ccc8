"""Under which names the data of contracts is known elsewhere, as rows."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, exists, insert, select, tuple_

from contracts.record import Version
from products.datasets import Dataset
from store.contracts import VERSION_COLUMNS, version_of
from store.tables.promise import VERSION
from store.tables.triggers import DATASET


class SqlDatasets:
    """Datasets inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unread(self, *, limit: int) -> tuple[Version, ...]:
        """Return current versions whose datasets were never put."""
        read = exists(
            select(1).where(
                DATASET.c.contract_id == VERSION.c.contract_id,
                DATASET.c.version == VERSION.c.version,
            )
        )
        rows = self._connection.execute(
            select(*VERSION_COLUMNS)
            .where(VERSION.c.current.is_(True), ~read)
            .order_by(VERSION.c.contract_id)
            .limit(limit)
        )
        return tuple(version_of(row) for row in rows.mappings())

    def put(self, contract_id: str, version: str, datasets: Collection[Dataset]) -> None:
        """Keep the datasets of a version in place of those of the contract's others."""
        self._connection.execute(delete(DATASET).where(DATASET.c.contract_id == contract_id))
        kept = datasets or (Dataset(connection="", name=""),)
        self._connection.execute(
            insert(DATASET),
            [
                {
                    "contract_id": contract_id,
                    "version": version,
                    "connection": dataset.connection,
                    "name": dataset.name,
                }
                for dataset in kept
            ],
        )

    def contracts(self, datasets: Collection[Dataset]) -> tuple[str, ...]:
        """Return the contracts whose current version promises any of ``datasets``."""
        wanted = [(dataset.connection, dataset.name) for dataset in datasets if dataset.name]
        rows = self._connection.execute(
            select(DATASET.c.contract_id)
            .join(
                VERSION,
                (VERSION.c.contract_id == DATASET.c.contract_id)
                & (VERSION.c.version == DATASET.c.version)
                & VERSION.c.current.is_(True),
            )
            .where(tuple_(DATASET.c.connection, DATASET.c.name).in_(wanted))
            .distinct()
            .order_by(DATASET.c.contract_id)
        )
        return tuple(rows.scalars())
