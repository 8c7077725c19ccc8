"""The scores of a product over time, as rows; of very many, those that tell the story."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Row,
    bindparam,
    column,
    func,
    or_,
    select,
    values,
)

from scorecards.line import Snapshot
from store.tables.judging import SNAPSHOT

_POINTS: Final = 200  # of a history, at most
_STRETCHES: Final = (_POINTS - 1) // 4  # each gives four at most, and the first stands for itself
_INSTANT: Final = timedelta(microseconds=1)  # the finest that a database keeps


def history_of(
    connection: Connection, product: str, since: datetime, *, until: datetime | None = None
) -> tuple[Snapshot, ...]:
    """Return at most 200 kept scores from ``since`` on, oldest first, without hiding a dip.

    ``until`` is included; None: all that there are.

    Where there are more, time is parted into equal stretches, and of each are given the newest, the
    first lowest by ``quality`` and by ``low``, and one not measured; and the very first of all.
    The answer is bounded, the time is not: a million scores in 90 days take about a second.
    """
    asked = {"product": product, "since": since, "until": _EVER if until is None else until}
    found = connection.execute(_FIRST, asked).all()
    if len(found) > _POINTS:
        newest = connection.execute(_LATEST, asked).scalar_one()
        chosen = _thinned(product, _stretches(found[0].at, newest))
        either = or_(SNAPSHOT.c.id == found[0].id, chosen)
        found = connection.execute(_SNAPSHOTS.where(either)).all()
    return tuple(_snapshot_of(row) for row in found)


def newest_of(connection: Connection, product: str) -> Snapshot | None:
    """Return the score of a product that was kept last; None when none ever was."""
    kept = select(*_COLUMNS).where(SNAPSHOT.c.product == product)
    found = connection.execute(kept.order_by(SNAPSHOT.c.at.desc(), SNAPSHOT.c.id.desc()).limit(1))
    row = found.one_or_none()
    return None if row is None else _snapshot_of(row)


def _snapshot_of(row: Row[*tuple[object, ...]]) -> Snapshot:
    return Snapshot(**{name: getattr(row, name) for name in Snapshot.__slots__})


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


_COLUMNS: Final = tuple(SNAPSHOT.c[name] for name in ("id", *Snapshot.__slots__))
_SNAPSHOTS: Final = select(*_COLUMNS).order_by(SNAPSHOT.c.at, SNAPSHOT.c.id)
# Built once: building them anew was a third of the time that reading a card took.
_ASKED: Final = (
    SNAPSHOT.c.product == bindparam("product"),
    SNAPSHOT.c.at >= bindparam("since"),
    SNAPSHOT.c.at <= bindparam("until"),
)
_FIRST: Final = _SNAPSHOTS.where(*_ASKED).limit(_POINTS + 1)
_LATEST: Final = select(func.max(SNAPSHOT.c.at, type_=SNAPSHOT.c.at.type)).where(*_ASKED)
_EVER: Final = datetime.max.replace(tzinfo=UTC)
