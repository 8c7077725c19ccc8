"""Which instants of the timetables were fired, which are recorded as missed, and which neither."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from store.tables.door import AUDIT
from store.tables.judging import RUN, SCHEDULE

_MISSED: Final = re.compile(r"(\d+)(?: or more)? instants? from (\S+) to (\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """What is recorded as missed: so many instants, from the first to the last of them."""

    first: datetime
    last: datetime
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A scheduled run: which instant it is of, and when it was taken last."""

    instant: datetime
    started: datetime


def doubled_instants(connection: Connection) -> int:
    """Count runs beyond the first of one schedule's instant."""
    rows = connection.execute(
        select(RUN.c.schedule_id, RUN.c.instant).where(RUN.c.schedule_id.is_not(None))
    )
    return sum(count - 1 for count in Counter(tuple(row) for row in rows).values())


def forgotten_instants(connection: Connection) -> int:
    """Count instants that went by of which nothing is known."""
    schedules = connection.execute(
        select(
            SCHEDULE.c.id,
            SCHEDULE.c.contract_id,
            SCHEDULE.c.anchor,
            SCHEDULE.c.every,
            SCHEDULE.c.instant,
        )
    ).all()
    forgotten = 0
    for number, contract, anchor, every, until in schedules:
        missed = _missed(connection, contract)
        fired = _fired(connection, number)
        grid = _grid(anchor, every, until)
        forgotten += len(unexplained(grid, fired, missed))
    return forgotten


def unexplained(
    grid: Sequence[datetime], fired: Sequence[Fired], missed: Iterable[Missed]
) -> list[datetime]:
    """Return the instants of ``grid`` that nothing explains.

    An instant is explained by a run of its own, by a record of so many missed, or
    by an older scheduled run of the contract that was still waiting then: a run that waits will see
    this delivery, too, so the tick adds none.
    """
    ran = {one.instant for one in fired}
    left = [instant for instant in grid if instant not in ran]
    for one in missed:
        passed = [instant for instant in left if one.first <= instant <= one.last][: one.number]
        left = [instant for instant in left if instant not in passed]
    return [
        instant
        for instant in left
        if not any(one.instant < instant <= one.started for one in fired)
    ]


def _grid(anchor: datetime, every: timedelta, until: datetime) -> list[datetime]:
    """The instants behind the anchor, up to ``until``, which is still to come."""
    return [anchor + tick * every for tick in range(1, (until - anchor) // every + 1)
            if anchor + tick * every < until]  # fmt: skip


def _missed(connection: Connection, contract: str) -> list[Missed]:
    rows = connection.execute(
        select(AUDIT.c.detail)
        .where(AUDIT.c.action == "schedule.missed", AUDIT.c.subject == f"contract/{contract}")
        .order_by(AUDIT.c.id)
    )
    found = (_MISSED.search(detail) for detail in rows.scalars())
    return [
        Missed(
            first=datetime.fromisoformat(one[2]),
            last=datetime.fromisoformat(one[3]),
            number=int(one[1]),
        )
        for one in found
        if one is not None
    ]


def _fired(connection: Connection, schedule: int) -> list[Fired]:
    rows = connection.execute(
        select(RUN.c.instant, RUN.c.started_at).where(
            RUN.c.schedule_id == schedule, RUN.c.started_at.is_not(None)
        )
    )
    return [Fired(instant=instant, started=started) for instant, started in rows]
