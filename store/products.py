"""Domains, products, ports and whom to tell, as rows."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select

from products.model import Port, Product
from store.statements import insert_new, upsert
from store.tables.past import MARK
from store.tables.promise import CHANNEL, DOMAIN, PORT, PRODUCT

PRODUCT_COLUMNS: Final = tuple(PRODUCT.c[name] for name in Product.__slots__)
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
_PORT_COLUMNS: Final = (PORT.c.product, PORT.c.name, PORT.c.contract_id)
# Built once: building them anew was a third of the time that reading a card took.
_BY_KEY: Final = select(*PRODUCT_COLUMNS).where(PRODUCT.c.key == bindparam("key"))
_PORTS: Final = (
    select(*_PORT_COLUMNS)
    .where(PORT.c.product == bindparam("product"))
    .order_by(PORT.c.name, PORT.c.contract_id)
)


class SqlProducts:
    """Products inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, product: Product, port: Port, receivers: Sequence[tuple[str, str]]) -> None:
        """Keep a product and one port of it; ``receivers`` (channel, target) replace the port's.

        A contract has one port: publishing it under another product or name moves the port.
        """
        self._connection.execute(insert_new(self._connection, DOMAIN), {"name": product.domain})
        upsert(self._connection, PRODUCT, [_product_row(product)], by=["key"])
        self._connection.execute(insert_new(self._connection, MARK), _unmarked(product.key))
        row = {"product": port.product, "name": port.name, "contract_id": port.contract_id}
        upsert(self._connection, PORT, [row], by=["contract_id"])
        number = self._connection.execute(
            select(PORT.c.id).where(PORT.c.contract_id == port.contract_id)
        ).scalar_one()
        self._connection.execute(delete(CHANNEL).where(CHANNEL.c.port_id == number))
        channels = [
            {"port_id": number, "kind": kind, "target": target}
            for kind, target in dict.fromkeys(receivers)
        ]
        if channels:
            self._connection.execute(insert(CHANNEL), channels)

    def get(self, key: str) -> Product | None:
        """Return one product."""
        row = self._connection.execute(_BY_KEY, {"key": key})
        found = row.mappings().one_or_none()
        return None if found is None else product_of(found)

    def lock(self, key: str) -> None:
        """Hold the product's row until the transaction ends, so that its ports finish in turn."""
        self._connection.execute(
            select(PRODUCT.c.key).where(PRODUCT.c.key == key).with_for_update()
        )

    def page(self, *, after: str, limit: int) -> tuple[Product, ...]:
        """Return products by key, those that sort behind ``after``."""
        rows = self._connection.execute(
            select(*PRODUCT_COLUMNS)
            .where(PRODUCT.c.key > after)
            .order_by(PRODUCT.c.key)
            .limit(limit)
        )
        return tuple(product_of(row) for row in rows.mappings())

    def ports(self, key: str) -> tuple[Port, ...]:
        """Return a product's ports by name."""
        rows = self._connection.execute(_PORTS, {"product": key})
        return tuple(Port(**row) for row in rows.mappings())

    def port_of(self, contract_id: str) -> Port | None:
        """Return the port that a contract is about."""
        found = self._connection.execute(
            select(*_PORT_COLUMNS).where(PORT.c.contract_id == contract_id)
        )
        row = found.mappings().one_or_none()
        return None if row is None else Port(**row)

    def receivers(self, key: str) -> tuple[tuple[str, str], ...]:
        """Return whom a product's trouble is told to, as distinct (channel, target) pairs.

        In the order in which they were named.
        """
        rows = self._connection.execute(
            select(CHANNEL.c.kind, CHANNEL.c.target)
            .join(PORT, PORT.c.id == CHANNEL.c.port_id)
            .where(PORT.c.product == key)
            .group_by(CHANNEL.c.kind, CHANNEL.c.target)
            .order_by(func.min(CHANNEL.c.id))
        )
        return tuple((kind, target) for kind, target in rows)


def _product_row(product: Product) -> dict[str, object]:
    return {
        "key": product.key,
        "domain": product.domain,
        "name": product.name,
        "purpose": product.purpose,
        "owner": product.owner,
    }


def _unmarked(key: str) -> dict[str, object]:
    """Return the mark of a product that nobody looked at."""
    counts = dict.fromkeys(("failing", "blocking", "errored", "lost"), 0)
    return {"product": key, "proven_until": _LONG_AGO, **counts}


def product_of(row: RowMapping) -> Product:
    """Return the product in a row that holds ``PRODUCT_COLUMNS``."""
    return Product(
        key=row["key"],
        domain=row["domain"],
        name=row["name"],
        purpose=row["purpose"],
        owner=row["owner"],
    )
