"""When each product's assurance was last looked at, as rows."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, or_, select, update

from store.statements import insert_new
from store.tables.feed import WATCH
from store.tables.promise import PRODUCT


class SqlWatches:
    """Looks at assurance inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def stale(self, before: datetime, *, limit: int) -> Mapping[str, datetime | None]:
        """Return products not looked at since ``before``, and when they were; None: never."""
        rows = self._connection.execute(
            select(PRODUCT.c.key, WATCH.c.looked_at)
            .outerjoin(WATCH, WATCH.c.product == PRODUCT.c.key)
            .where(or_(WATCH.c.looked_at.is_(None), WATCH.c.looked_at <= before))
            .order_by(WATCH.c.looked_at, PRODUCT.c.key)
            .limit(limit)
        )
        return {row.key: row.looked_at for row in rows}

    def look(self, product: str, *, last: datetime | None, now: datetime) -> bool:
        """Write down a look at ``now``; False when somebody else has looked since ``last``."""
        if last is None:
            row = {"product": product, "looked_at": now}
            first = insert_new(self._connection, WATCH).values(row).returning(WATCH.c.product)
            return self._connection.execute(first).scalar_one_or_none() is not None
        looked = self._connection.execute(
            update(WATCH)
            .where(WATCH.c.product == product, WATCH.c.looked_at == last)
            .values(looked_at=now)
        )
        return looked.rowcount == 1
