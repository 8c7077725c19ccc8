"""Published versions and their clauses, as rows."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, select, update

from contracts.clause import Clause
from contracts.record import Version
from store.clauses import CLAUSE_COLUMNS, clause_ids, clause_of, clause_row
from store.statements import upsert
from store.tables.judging import STANDING
from store.tables.promise import CLAUSE, CONTRACT, VERSION

# Never the body: it may be large, and only ``body`` wants it.
_VERSION_COLUMNS: Final = tuple(column for column in VERSION.c if column.name != "body")
_IS_CURRENT: Final = VERSION.c.current.is_(True)


class SqlContracts:
    """Versions and clauses inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, version: Version, body: bytes, clauses: Sequence[Clause]) -> None:
        """Keep a new version as the current one; its clauses become the contract's.

        Raises:
            StoreConflict: the version exists already.
        """
        contract_id = version.contract_id
        upsert(
            self._connection,
            CONTRACT,
            [{"id": contract_id, "product": version.product}],
            by=["id"],
        )
        self._connection.execute(
            update(VERSION)
            .where(VERSION.c.contract_id == contract_id, _IS_CURRENT)
            .values(current=False)
        )
        self._connection.execute(insert(VERSION).values(_version_row(version, body)))
        self._take_over(version, clauses)

    def _take_over(self, version: Version, clauses: Sequence[Clause]) -> None:
        rows = [
            {**clause_row(clause, version.contract_id, version.version, place), "retired_at": None}
            for place, clause in enumerate(clauses)
        ]
        upsert(self._connection, CLAUSE, rows, by=["contract_id", "key"])
        self._connection.execute(
            update(CLAUSE)
            .where(
                CLAUSE.c.contract_id == version.contract_id,
                CLAUSE.c.version != version.version,
                CLAUSE.c.retired_at.is_(None),
            )
            .values(retired_at=version.published_at)
        )

    def drop_failing(self, contract_id: str, keys: Collection[str], at: datetime) -> None:
        """Remember that these clauses were dropped or weakened while they were failing.

        Keys that the contract never had are left out. Coming back later does not undo it.
        """
        known = clause_ids(self._connection, contract_id)
        rows = [{"clause_id": known[key], "dropped_at": at} for key in keys if key in known]
        upsert(self._connection, STANDING, rows, by=["clause_id"])

    def current(self, contract_id: str) -> Version | None:
        """Return the version that runs now."""
        found = self._versions(VERSION.c.contract_id == contract_id, _IS_CURRENT)
        return found[0] if found else None

    def version(self, contract_id: str, version: str) -> Version | None:
        """Return one version."""
        found = self._versions(VERSION.c.contract_id == contract_id, VERSION.c.version == version)
        return found[0] if found else None

    def versions(self, contract_id: str) -> tuple[Version, ...]:
        """Return all versions, newest first."""
        return self._versions(VERSION.c.contract_id == contract_id)

    def _versions(self, *conditions: ColumnElement[bool]) -> tuple[Version, ...]:
        rows = self._connection.execute(
            select(*_VERSION_COLUMNS).where(*conditions).order_by(VERSION.c.id.desc())
        )
        return tuple(_version_of(row) for row in rows.mappings())

    def page(self, *, after: str, limit: int) -> tuple[Version, ...]:
        """Return current versions by contract id, those that sort behind ``after``."""
        rows = self._connection.execute(
            select(*_VERSION_COLUMNS)
            .where(_IS_CURRENT, VERSION.c.contract_id > after)
            .order_by(VERSION.c.contract_id)
            .limit(limit)
        )
        return tuple(_version_of(row) for row in rows.mappings())

    def body(self, contract_id: str, version: str) -> bytes | None:
        """Return the document exactly as it was published."""
        return self._connection.execute(
            select(VERSION.c.body).where(
                VERSION.c.contract_id == contract_id, VERSION.c.version == version
            )
        ).scalar_one_or_none()

    def clauses(self, contract_id: str) -> tuple[Clause, ...]:
        """Return the clauses of the current version, in document order."""
        rows = self._connection.execute(
            select(*CLAUSE_COLUMNS)
            .where(CLAUSE.c.contract_id == contract_id, CLAUSE.c.retired_at.is_(None))
            .order_by(CLAUSE.c.position)
        )
        return tuple(clause_of(row) for row in rows.mappings())


def _version_row(version: Version, body: bytes) -> dict[str, object]:
    return {
        "contract_id": version.contract_id,
        "version": version.version,
        "product": version.product,
        "sha256": version.sha256,
        "media_type": version.media_type,
        "body": body,
        "published_at": version.published_at,
        "published_by": version.published_by,
        "current": True,
    }


def _version_of(row: RowMapping) -> Version:
    return Version(
        contract_id=row["contract_id"],
        version=row["version"],
        product=row["product"],
        sha256=row["sha256"],
        media_type=row["media_type"],
        published_at=row["published_at"],
        published_by=row["published_by"],
        current=row["current"],
    )
