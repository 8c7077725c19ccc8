"""Published versions and their clauses, as rows."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, insert, select, update

from contracts.clause import Clause
from contracts.filter import ContractFilter
from contracts.record import Version
from store.clauses import CLAUSE_COLUMNS, clause_ids, clause_of, clause_row
from store.filters import alike
from store.statements import lock, upsert
from store.tables.judging import STANDING
from store.tables.past import DROP
from store.tables.promise import CLAUSE, CONTRACT, PRODUCT, VERSION

# Never the body: it may be large, and only ``body`` wants it.
VERSION_COLUMNS: Final = tuple(column for column in VERSION.c if column.name != "body")
_IS_CURRENT: Final = VERSION.c.current.is_(True)
_CURRENT: Final = select(*VERSION_COLUMNS).where(
    VERSION.c.contract_id == bindparam("contract_id"), _IS_CURRENT
)


class SqlContracts:
    """Versions and clauses inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, contract_id: str) -> None:
        """Hold a contract, there or not, until the transaction ends: it is published in turn."""
        lock(self._connection, f"contract {contract_id}")

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
        drops = [{"clause_id": row["clause_id"], "at": at} for row in rows]
        if drops:
            self._connection.execute(insert(DROP), drops)

    def current(self, contract_id: str) -> Version | None:
        """Return the version that runs now."""
        rows = self._connection.execute(_CURRENT, {"contract_id": contract_id})
        row = rows.mappings().one_or_none()
        return None if row is None else version_of(row)

    def version(self, contract_id: str, version: str) -> Version | None:
        """Return one version."""
        found = self._versions(VERSION.c.contract_id == contract_id, VERSION.c.version == version)
        return found[0] if found else None

    def versions(self, contract_id: str) -> tuple[Version, ...]:
        """Return all versions, newest first."""
        return self._versions(VERSION.c.contract_id == contract_id)

    def _versions(self, *conditions: ColumnElement[bool]) -> tuple[Version, ...]:
        rows = self._connection.execute(
            select(*VERSION_COLUMNS).where(*conditions).order_by(VERSION.c.id.desc())
        )
        return tuple(version_of(row) for row in rows.mappings())

    def page(self, *, after: str, limit: int) -> tuple[Version, ...]:
        """Return current versions by contract id, those that sort behind ``after``."""
        return self.find(ContractFilter(), after=after, limit=limit)

    def find(self, wanted: ContractFilter, *, after: str, limit: int) -> tuple[Version, ...]:
        """Return current versions of a kind by contract id, those that sort behind ``after``."""
        conditions = alike(VERSION, replace(wanted, domain=None))
        if wanted.domain is not None:
            of_domain = select(PRODUCT.c.key).where(PRODUCT.c.domain == wanted.domain)
            conditions.append(VERSION.c.product.in_(of_domain))
        rows = self._connection.execute(
            select(*VERSION_COLUMNS)
            .where(_IS_CURRENT, VERSION.c.contract_id > after, *conditions)
            .order_by(VERSION.c.contract_id)
            .limit(limit)
        )
        return tuple(version_of(row) for row in rows.mappings())

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


def version_of(row: RowMapping) -> Version:
    """Return the version in a row that holds ``VERSION_COLUMNS``."""
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
