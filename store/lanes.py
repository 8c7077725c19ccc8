"""Runs that wait and runs in flight, as rows: what is handed to the broker next.

A lane is what waits in one domain for one connection. The oldest runs of each lane are all that the
choice needs to see, however long the queue is.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    update,
)

from runs.fair import Load, Waiting, choose
from runs.model import RunState
from store.statements import lock, lock_at_once
from store.tables.judging import RUN
from store.tables.promise import PRODUCT, VERSION

_OTHER: Final = RUN.alias("other")
_DISPATCH: Final = "dispatch"


def in_state(table: FromClause, state: RunState) -> ColumnElement[bool]:
    """Whether a run of ``table`` is in a state."""
    # Written into the statement: an index on the rows in one state is of no use to a parameter.
    return table.c.state == literal(state.value, literal_execute=True)


QUEUED: Final = in_state(RUN, RunState.QUEUED)
RUNNING: Final = in_state(RUN, RunState.RUNNING)


def _exists_other(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the contract of a run has another run for which the conditions hold."""
    same = _OTHER.c.contract_id == RUN.c.contract_id
    return exists(select(1).select_from(_OTHER).where(same, *conditions).correlate(RUN))


BUSY: Final = _exists_other(in_state(_OTHER, RunState.RUNNING))
_BEHIND: Final = _exists_other(in_state(_OTHER, RunState.QUEUED), _OTHER.c.id < RUN.c.id)


def to_dispatch(dispatched_before: datetime) -> tuple[ColumnElement[bool], ...]:
    """What holds of a run that can be handed over: its lane is known, and its contract is free."""
    dispatched: Column[datetime] = RUN.c.dispatched_at
    known = RUN.c.connection.is_not(None)
    never_or_long_ago = or_(dispatched.is_(None), dispatched < dispatched_before)
    return (QUEUED, known, never_or_long_ago, ~BUSY, ~_BEHIND)


def load(connection: Connection, *, dispatched_after: datetime) -> Load:
    """Count what runs, or is queued and was handed over after that instant."""
    domains: Counter[str] = Counter()
    connections: Counter[str] = Counter()
    for condition in (RUNNING, QUEUED & (RUN.c.dispatched_at > dispatched_after)):
        rows = connection.execute(
            select(RUN.c.domain, RUN.c.connection, func.count())
            .where(condition)
            .group_by(RUN.c.domain, RUN.c.connection)
        )
        for domain, name, count in rows:
            domains[domain or ""] += count
            connections[name or ""] += count
    return Load(domains=domains, connections=connections)


def hand_over(
    connection: Connection,
    *,
    now: datetime,
    dispatched_before: datetime,
    limit: int,
    per_connection: int,
) -> tuple[int, ...]:
    """Mark runs as handed to the broker and return them; none while another does just that.

    Args:
        connection: A writing transaction.
        now: The mark.
        dispatched_before: A run that was handed over earlier, and is still queued, counts as new.
        limit: Most runs in flight.
        per_connection: Most runs in flight over one connection.
    """
    if not lock_at_once(connection, _DISPATCH):
        return ()
    flying = load(connection, dispatched_after=dispatched_before)
    room = limit - flying.total
    if room <= 0:
        return ()
    waiting = _oldest(connection, flying, dispatched_before, room, per_connection)
    chosen = choose(waiting, flying, room=room, per_connection=per_connection)
    free = connection.execute(  # all but those that somebody claims in this very moment
        select(RUN.c.id).where(RUN.c.id.in_(chosen), QUEUED).with_for_update(skip_locked=True)
    )
    marked = frozenset(free.scalars())
    connection.execute(update(RUN).where(RUN.c.id.in_(marked)).values(dispatched_at=now))
    return tuple(run_id for run_id in chosen if run_id in marked)


def _oldest(
    connection: Connection, flying: Load, before: datetime, room: int, per_connection: int
) -> list[Waiting]:
    """Return the oldest runs of each lane, as many as may be handed over at most."""
    lanes = connection.execute(
        select(RUN.c.connection, RUN.c.domain)
        .where(QUEUED, RUN.c.connection.is_not(None))
        .distinct()
    ).all()
    found: list[Waiting] = []
    for name, domain in lanes:
        free = flying.free(name, room=room, per_connection=per_connection)
        ids = connection.execute(
            select(RUN.c.id)
            .where(RUN.c.connection == name, RUN.c.domain == domain, *to_dispatch(before))
            .order_by(RUN.c.id)
            .limit(free)
        ).scalars()
        found += [Waiting(run_id=run_id, domain=domain, connection=name) for run_id in ids]
    return found


def take_back(connection: Connection, run_ids: Iterable[int]) -> None:
    """Let queued runs that did not reach the broker be handed over again at once."""
    handed = update(RUN).where(RUN.c.id.in_(tuple(run_ids)), QUEUED)
    connection.execute(handed.values(dispatched_at=None))


def has_room(connection: Connection, run_id: int, most: int | None) -> ColumnElement[bool]:
    """Whether fewer than ``most`` runs read over the connection of a run; None: always.

    Until the transaction ends, nobody else claims a run that reads over the same connection.
    """
    if most is None:
        return true()
    name = connection.execute(select(RUN.c.connection).where(RUN.c.id == run_id)).scalar()
    if not name:
        return true()
    lock(connection, f"runs over {name}")
    running = select(func.count()).select_from(_OTHER)
    over_it = running.where(in_state(_OTHER, RunState.RUNNING), _OTHER.c.connection == name)
    return over_it.scalar_subquery() < most


def unplaced(connection: Connection, *, limit: int) -> tuple[tuple[str, str], ...]:
    """Return (contract, version) of queued runs of which nobody knows yet what they read over."""
    rows = connection.execute(
        select(RUN.c.contract_id, RUN.c.version)
        .where(QUEUED, RUN.c.connection.is_(None))
        .distinct()
        .limit(limit)
    )
    return tuple((contract_id, version) for contract_id, version in rows)


def place(connection: Connection, contract_id: str, version: str, name: str | None) -> None:
    """Write down which connection a version reads over, for its queued runs and those to come."""
    connection.execute(
        update(VERSION)
        .where(VERSION.c.contract_id == contract_id, VERSION.c.version == version)
        .values(connection=name)
    )
    domain = select(PRODUCT.c.domain).where(PRODUCT.c.key == RUN.c.product).scalar_subquery()
    connection.execute(
        update(RUN)
        .where(QUEUED, RUN.c.contract_id == contract_id, RUN.c.version == version)
        .values(connection=name, domain=domain)
    )
