"""Compute scores anew out of the results, and hold them against what the service kept."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, exists, func, select

from checks.model import Outcome
from scorecards.score import score
from store.standings import SqlStandings
from store.tables.judging import RESULT, RUN, SNAPSHOT, STANDING
from store.tables.promise import CLAUSE

_CLOSE: Final = 1e-9
_VERDICTS: Final = (Outcome.PASSED.value, Outcome.FAILED.value)
_KEPT: Final = ("quality", "low", "high", "assurance", "failing", "clauses")


def wrong_scores(connection: Connection) -> int:
    """Count products whose newest kept score is not what their results make at that instant."""
    newest = select(func.max(SNAPSHOT.c.id)).group_by(SNAPSHOT.c.product)
    rows = connection.execute(select(SNAPSHOT).where(SNAPSHOT.c.id.in_(newest))).mappings()
    return sum(not _fits(connection, row) for row in rows)


def _fits(connection: Connection, kept: RowMapping) -> bool:
    product, at = kept["product"], kept["at"]
    if not isinstance(product, str) or not isinstance(at, datetime):
        return False
    verdicts = _verdicts(connection, product)
    standing = [
        replace(one, good=verdicts.get(one.key, (None, None))[0],
                judged_at=verdicts.get(one.key, (None, None))[1])
        for one in SqlStandings(connection).standing(product)
    ]  # fmt: skip
    anew = score(standing, at)
    return all(_same(kept[name], getattr(anew, name)) for name in _KEPT)


def _verdicts(connection: Connection, product: str) -> Mapping[str, tuple[bool, datetime]]:
    """The newest verdict of each clause, out of the results alone."""
    rows = connection.execute(
        select(CLAUSE.c.key, RESULT.c.outcome, RESULT.c.known_at)
        .join(CLAUSE, CLAUSE.c.id == RESULT.c.clause_id)
        .join(RUN, RUN.c.id == RESULT.c.run_id)
        .where(RUN.c.product == product, RUN.c.counted, RESULT.c.outcome.in_(_VERDICTS))
        .order_by(RESULT.c.interval_end, RESULT.c.known_at, RESULT.c.id)
    )
    return {key: (outcome == Outcome.PASSED, known) for key, outcome, known in rows}


def _same(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= _CLOSE
    return one is other


def baseless(connection: Connection) -> int:
    """Count clauses that stand as passed though no result says so."""
    passed = exists(
        select(1).where(
            RESULT.c.run_id == STANDING.c.judged_run,
            RESULT.c.clause_id == STANDING.c.clause_id,
            RESULT.c.outcome == Outcome.PASSED.value,
        )
    )
    green = select(func.count()).select_from(STANDING).where(STANDING.c.good.is_(True), ~passed)
    return connection.execute(green).scalar_one()
