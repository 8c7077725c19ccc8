"""Runs of schedules that fired, queued many at a time."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, select

from runs.model import Asked, Lines
from store.lanes import QUEUED
from store.runs import new_row
from store.statements import insert_new
from store.tables.judging import RUN
from store.tables.promise import CONTRACT, PRODUCT, VERSION


def queued_lines(
    connection: Connection, contracts: Collection[str]
) -> Mapping[str, tuple[Lines, ...]]:
    """Return what the scheduled runs judge that wait, by contract."""
    rows = connection.execute(
        select(RUN.c.contract_id, RUN.c.lines).where(
            QUEUED, RUN.c.schedule_id.is_not(None), RUN.c.contract_id.in_(contracts)
        )
    )
    found: defaultdict[str, list[Lines]] = defaultdict(list)
    for contract_id, lines in rows:
        found[contract_id].append(None if lines is None else tuple(lines))
    return {contract_id: tuple(lines) for contract_id, lines in found.items()}


def queue_all(connection: Connection, asked: Sequence[Asked]) -> int:
    """Queue runs, and return how many are new: an instant of a schedule is one run, once."""
    lanes = _lanes(connection, {one.contract_id for one in asked})
    rows = [{**new_row(one), **lanes[one.contract_id, one.version]} for one in asked]
    if not rows:
        return 0
    added = connection.execute(insert_new(connection, RUN).returning(RUN.c.id), rows)
    return len(added.all())


def _lanes(
    connection: Connection, contracts: Collection[str]
) -> Mapping[tuple[str, str], Mapping[str, object]]:
    """Return whose run it is and what it reads over, by contract and version: its current one."""
    rows = connection.execute(
        select(
            VERSION.c.contract_id,
            VERSION.c.version,
            CONTRACT.c.product,
            PRODUCT.c.domain,
            VERSION.c.connection,
        )
        .join(CONTRACT, CONTRACT.c.id == VERSION.c.contract_id)
        .join(PRODUCT, PRODUCT.c.key == CONTRACT.c.product)
        .where(VERSION.c.contract_id.in_(contracts), VERSION.c.current.is_(True))
    )
    return {
        (row.contract_id, row.version): {
            "product": row.product,
            "domain": row.domain,
            "connection": row.connection,
        }
        for row in rows
    }
