"""The scores of a product over time, as rows; of very many, those that tell the story."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from sqlalchemy import CTE, ColumnElement, Connection, column, func, or_, select, values

from scorecards.line import Snapshot
from store.tables.judging import SNAPSHOT

_POINTS: Final = 200  # of a history, at most
_STRETCHES: Final = (_POINTS - 1) // 4  # each gives four at most, and the first stands for itself
_INSTANT: Final = timedelta(microseconds=1)  # the finest that a database keeps


def history_of(connection: Connection, product: str, since: datetime) -> tuple[Snapshot, ...]:
    """Return at most 200 kept scores from ``since`` on, oldest first, without hiding a dip.

    Where there are more, time is parted into equal stretches, and of each are given the newest, the
    first lowest by ``quality`` and by ``low``, and one not measured; and the very first of all.
    The answer is bounded, the time is not: a million scores in 90 days take about a second.
    """
    kept = (SNAPSHOT.c.product == product, SNAPSHOT.c.at >= since)
    found = connection.execute(_SNAPSHOTS.where(*kept).limit(_POINTS + 1)).all()
    if len(found) > _POINTS:
        latest = func.max(SNAPSHOT.c.at, type_=SNAPSHOT.c.at.type)
        newest = connection.execute(select(latest).where(*kept)).scalar_one()
        chosen = _thinned(product, _stretches(found[0].at, newest))
        either = or_(SNAPSHOT.c.id == found[0].id, chosen)
        found = connection.execute(_SNAPSHOTS.where(either)).all()
    names = Snapshot.__slots__
    return tuple(Snapshot(**{name: getattr(row, name) for name in names}) for row in found)


def _stretches(first: datetime, newest: datetime) -> CTE:
    """Return the starts and ends (not included) of equal stretches that hold both instants."""
    length = newest - first
    marks = [first + length * place / _STRETCHES for place in range(_STRETCHES)]
    marks.append(newest + _INSTANT)
    kind = SNAPSHOT.c.at.type
    named = values(column("start", kind), column("stop", kind), name="stretch")
    return named.data(list(pairwise(marks))).cte("stretch")


def _thinned(product: str, stretch: CTE) -> ColumnElement[bool]:
    """Return what holds of the snapshots that stand for all others of their stretch."""
    earliest = (SNAPSHOT.c.at, SNAPSHOT.c.id)  # so that a dip begins where it began
    choices = [
        select(SNAPSHOT.c.id).order_by(SNAPSHOT.c.at.desc(), SNAPSHOT.c.id.desc()),
        select(SNAPSHOT.c.id).where(SNAPSHOT.c.quality.is_(None)).order_by(*earliest),
        *(
            select(SNAPSHOT.c.id).where(low.is_not(None)).order_by(low, *earliest)
            for low in (SNAPSHOT.c.quality, SNAPSHOT.c.low)
        ),
    ]
    inside = (
        SNAPSHOT.c.product == product,
        SNAPSHOT.c.at >= stretch.c.start,
        SNAPSHOT.c.at < stretch.c.stop,
    )
    of_each = [choice.where(*inside).limit(1).correlate(stretch) for choice in choices]
    return or_(
        *(SNAPSHOT.c.id.in_(select(one.scalar_subquery()).select_from(stretch)) for one in of_each)
    )


_SNAPSHOTS: Final = select(
    SNAPSHOT.c.id, *(SNAPSHOT.c[name] for name in Snapshot.__slots__)
).order_by(SNAPSHOT.c.at, SNAPSHOT.c.id)
