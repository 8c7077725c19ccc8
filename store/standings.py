"""The newest verdict of each clause, and the scores over time, as rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from checks.model import Finding, Outcome, Report, Result
from contracts.timetable import Timetable
from contracts.values import Dimension, Severity
from runs.model import Interval, RunState
from scorecards.line import Line, Snapshot, Unjudged
from scorecards.model import Score, Standing
from store.clauses import CLAUSE_COLUMNS, clause_of, dimension_of, numbers_for, timetable_from
from store.history import history_of, newest_of
from store.results import RESULT_COLUMNS, finding_of
from store.schedules import timetable_of
from store.statements import upsert
from store.tables.judging import RESULT, RUN, SCHEDULE, SNAPSHOT, STANDING
from store.tables.promise import CLAUSE, CONTRACT

_NEVER_RUN: Final = "never run"
# What a clause says over several segments is what the gravest says.
_GRAVITY: Final = (Outcome.FAILED, Outcome.ERRORED, Outcome.PASSED, Outcome.SKIPPED)
_BLOCKING: Final = tuple(severity.value for severity in Severity if severity.blocking)
_VERDICTS: Final = {Outcome.PASSED: True, Outcome.FAILED: False}
_KNOWN_COLUMNS: Final = tuple(
    column for column in STANDING.c if column.name not in {"clause_id", "dropped_at"}
)


class SqlStandings:
    """Standings and snapshots inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, contract_id: str, run_id: int, interval: Interval, report: Report) -> None:
        """Let a report's verdicts become the newest, where they are by (interval, ``finished``).

        Answers without a verdict (errored, skipped) are kept beside the verdict, which they leave
        as it was. Shadow and backtest runs, which must not touch it, are not to be given here.
        """
        clauses = [result.clause for result in report.results]
        numbers = numbers_for(self._connection, contract_id, report.version, clauses)
        self._connection.execute(update(RUN).where(RUN.c.id == run_id).values(counted=True))
        before = self._before(contract_id)
        rows = []
        for key, results in _by_clause(report.results).items():
            number = numbers[key]
            known = before.get(number, _UNKNOWN)
            gravest = min(results, key=lambda result: _GRAVITY.index(result.outcome))
            news = _News(run_id, interval.end, report.finished, gravest)
            rows.append({"clause_id": number, **known, **news.answer(known), **news.verdict(known)})
        upsert(self._connection, STANDING, rows, by=["clause_id"])

    def _before(self, contract_id: str) -> Mapping[int, Mapping[str, object]]:
        rows = self._connection.execute(
            select(STANDING.c.clause_id, *_KNOWN_COLUMNS)
            .join(CLAUSE, CLAUSE.c.id == STANDING.c.clause_id)
            .where(CLAUSE.c.contract_id == contract_id)
        )
        found = {}
        for row in rows.mappings():
            known = dict(row)
            found[known.pop("clause_id")] = known
        return found

    def lines(self, product: str) -> tuple[Line, ...]:
        """Return every clause of the product's current versions with its newest answer.

        By contract, in document order; one statement, however many clauses there are.
        """
        rows = self._connection.execute(_LINES, {"product": product})
        return tuple(_line_of(row) for row in rows.mappings())

    def standing(self, product: str) -> tuple[Standing, ...]:
        """Return what the score is made of: executable clauses, and those dropped while failing.

        A clause that was weakened, or came back, is there twice: as what it is now, and as dropped.
        """
        return self.standings([product])[product]

    def standings(self, products: Sequence[str]) -> Mapping[str, tuple[Standing, ...]]:
        """Return ``standing`` of each of ``products``; one statement, however many there are."""
        rows = self._connection.execute(_STANDINGS, {"products": products})
        found: dict[str, list[Standing]] = {product: [] for product in products}
        for row in rows.mappings():
            found[row["product"]] += _standings_of(row)
        return {product: tuple(standing) for product, standing in found.items()}

    def unjudged(self, products: Sequence[str]) -> Mapping[str, Unjudged]:
        """Return what nobody could judge, for each of ``products``.

        Two statements, however many products there are.
        """
        asked = {"products": products}
        errored = {row.product: row for row in self._connection.execute(_ERRORED, asked)}
        lost = {row.product: row.lost for row in self._connection.execute(_LOST, asked)}
        found = {}
        for product in products:
            row = errored.get(product)
            found[product] = Unjudged(
                errored=row.errored if row else 0,
                blocking=row.blocking if row else 0,
                lost=lost.get(product, 0),
            )
        return found

    def snapshot(self, product: str, run_id: int, score: Score, at: datetime) -> None:
        """Keep a score as it was at the end of a run."""
        self._connection.execute(
            insert(SNAPSHOT).values(
                product=product,
                run_id=run_id,
                at=at,
                model=score.model,
                quality=score.quality,
                low=score.low,
                high=score.high,
                uncapped=score.uncapped,
                cap=score.cap,
                assurance=score.assurance,
                clauses=score.clauses,
                failing=score.failing,
            )
        )

    def newest(self, product: str) -> Snapshot | None:
        """Return the score that was kept last; None when none ever was."""
        return newest_of(self._connection, product)

    def snapshots(self, product: str, *, since: datetime) -> tuple[Snapshot, ...]:
        """Return at most 200 kept scores from ``since`` on, oldest first, without hiding a dip."""
        return history_of(self._connection, product, since)


_UNKNOWN: Final[Mapping[str, object]] = {column.name: None for column in _KNOWN_COLUMNS}


class _News:
    """What a run says about one clause."""

    def __init__(self, run_id: int, end: datetime, known_at: datetime, gravest: Result) -> None:
        self._run_id = run_id
        self._when = (end, known_at)
        self._gravest = gravest

    def answer(self, known: Mapping[str, object]) -> Mapping[str, object]:
        """Columns to set when this answer is the newest of any outcome; none when it is not."""
        if self._older_than(known["answered_for"], known["answered_at"]):
            return {}
        end, known_at = self._when
        return {
            "answered_for": end,
            "answered_at": known_at,
            "answered_run": self._run_id,
            "answered_segment": self._gravest.segment,
        }

    def verdict(self, known: Mapping[str, object]) -> Mapping[str, object]:
        """Columns to set when this is a verdict, and the newest; none otherwise."""
        good = _VERDICTS.get(self._gravest.outcome)
        if good is None or self._older_than(known["judged_for"], known["judged_at"]):
            return {}
        end, known_at = self._when
        return {
            "good": good,
            "judged_for": end,
            "judged_at": known_at,
            "judged_run": self._run_id,
        }

    def _older_than(self, end: object, known_at: object) -> bool:
        if not isinstance(end, datetime) or not isinstance(known_at, datetime):
            return False
        return self._when < (end, known_at)


def _by_clause(results: Iterable[Result]) -> Mapping[str, Sequence[Result]]:
    found: defaultdict[str, list[Result]] = defaultdict(list)
    for result in results:
        found[result.clause.key].append(result)
    return found


def _line_of(row: RowMapping) -> Line:
    clause = clause_of(row)
    if row["result_id"] is None:
        reason = clause.skipped or _NEVER_RUN
        result = Result(clause=clause, finding=Finding(outcome=Outcome.SKIPPED, reason=reason))
    else:
        result = Result(clause=clause, finding=finding_of(row), segment=row["result_segment"])
    return Line(
        result=result,
        contract_id=row["clause_contract_id"],
        run_id=row["answered_run"],
        known_at=row["answered_at"],
        good=row["good"],
        judged_at=row["judged_at"],
    )


def _standings_of(row: RowMapping) -> Iterable[Standing]:
    if row["executable"] and row["retired_at"] is None:
        yield _standing_of(row, good=row["good"], dropped_at=None)
    if row["dropped_at"] is not None:
        yield _standing_of(row, good=False, dropped_at=row["dropped_at"])


def _shared(row: RowMapping) -> Timetable | None:
    """Return the contract's own timetable; None where it has none."""
    found = None if row["missed"] is None else timetable_of(row)
    return None if found is None or found.empty else found


def _standing_of(row: RowMapping, *, good: bool | None, dropped_at: datetime | None) -> Standing:
    return Standing(
        key=row["key"],
        severity=Severity(row["severity"]),
        # A promise without a dimension must not fall out of the score.
        dimension=dimension_of(row["dimension"]) or Dimension.CONFORMITY,
        good=good,
        judged_at=row["judged_at"],
        timetable=timetable_from(row["own_timetable"]) or _shared(row),
        anchor=row["anchor"],
        dropped_at=dropped_at,
    )


# Built once: building them anew was a third of the time that reading a card took.
_ASKED: Final = CONTRACT.c.product.in_(bindparam("products", expanding=True))

_ERRORED: Final = (
    select(
        CONTRACT.c.product,
        func.count().label("errored"),
        func.count().filter(CLAUSE.c.severity.in_(_BLOCKING)).label("blocking"),
    )
    .select_from(CONTRACT)
    .join(CLAUSE, CLAUSE.c.contract_id == CONTRACT.c.id)
    .join(STANDING, STANDING.c.clause_id == CLAUSE.c.id)
    .join(
        RESULT,
        (RESULT.c.run_id == STANDING.c.answered_run)
        & (RESULT.c.clause_id == CLAUSE.c.id)
        & (RESULT.c.segment == STANDING.c.answered_segment),
    )
    .where(CLAUSE.c.retired_at.is_(None), RESULT.c.outcome == Outcome.ERRORED.value, _ASKED)
    .group_by(CONTRACT.c.product)
)

_ENDED: Final = RUN.alias("ended")
_NEWEST_ENDED: Final = (
    select(_ENDED.c.id)
    .where(_ENDED.c.contract_id == CONTRACT.c.id, _ENDED.c.finished_at.is_not(None))
    .order_by(_ENDED.c.finished_at.desc(), _ENDED.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_LOST: Final = (
    select(CONTRACT.c.product, func.count().label("lost"))
    .select_from(CONTRACT)
    .join(RUN, RUN.c.id == _NEWEST_ENDED)
    .where(RUN.c.state == RunState.LOST.value, _ASKED)
    .group_by(CONTRACT.c.product)
)

_LINES: Final[Select[*tuple[object, ...]]] = (
    select(
        *CLAUSE_COLUMNS,
        *RESULT_COLUMNS,
        STANDING.c.answered_run,
        STANDING.c.answered_at,
        STANDING.c.good,
        STANDING.c.judged_at,
    )
    .select_from(CONTRACT)
    .join(CLAUSE, CLAUSE.c.contract_id == CONTRACT.c.id)
    .outerjoin(STANDING, STANDING.c.clause_id == CLAUSE.c.id)
    .outerjoin(
        RESULT,
        (RESULT.c.run_id == STANDING.c.answered_run)
        & (RESULT.c.clause_id == CLAUSE.c.id)
        & (RESULT.c.segment == STANDING.c.answered_segment),
    )
    .where(CLAUSE.c.retired_at.is_(None), CONTRACT.c.product == bindparam("product"))
    .order_by(CLAUSE.c.contract_id, CLAUSE.c.position)
)

_STANDINGS: Final[Select[*tuple[object, ...]]] = (
    select(
        CONTRACT.c.product,
        CLAUSE.c.key,
        CLAUSE.c.severity,
        CLAUSE.c.dimension,
        CLAUSE.c.executable,
        CLAUSE.c.retired_at,
        CLAUSE.c.timetable.label("own_timetable"),
        STANDING.c.good,
        STANDING.c.judged_at,
        STANDING.c.dropped_at,
        SCHEDULE.c.cron,
        SCHEDULE.c.every,
        SCHEDULE.c.timezone,
        SCHEDULE.c.jitter,
        SCHEDULE.c.missed,
        SCHEDULE.c.anchor,
    )
    .select_from(CONTRACT)
    .join(CLAUSE, CLAUSE.c.contract_id == CONTRACT.c.id)
    .outerjoin(STANDING, STANDING.c.clause_id == CLAUSE.c.id)
    .outerjoin(SCHEDULE, SCHEDULE.c.contract_id == CLAUSE.c.contract_id)
    .where(
        or_(
            CLAUSE.c.retired_at.is_(None) & CLAUSE.c.executable.is_(True),
            STANDING.c.dropped_at.is_not(None),
        ),
        _ASKED,
    )
    .order_by(CLAUSE.c.contract_id, CLAUSE.c.position)
)
