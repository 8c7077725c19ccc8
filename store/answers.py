"""What runs said of a product's promises while an incident was open, as rows.

An incident knows no run: those that ended while it was open are found by time. The run that mended
it ended at the very instant at which it was resolved, and so is none of them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    bindparam,
    null,
    or_,
    select,
)

from checks.model import Outcome
from incidents.answer import Answer
from store.clauses import CLAUSE_COLUMNS
from store.results import RESULT_COLUMNS, result_of
from store.tables.judging import RESULT, RUN
from store.tables.promise import CLAUSE, CONTRACT
from store.tables.trouble import BREACH, INCIDENT

_UNJUDGED: Final = (Outcome.ERRORED.value, Outcome.SKIPPED.value)
# A sample of rows is long, and not for everybody: it is not read at all.
_ANSWERS: Final = tuple(
    null().label(column.name) if column.name == "result_evidence" else column
    for column in RESULT_COLUMNS
)


def failures(connection: Connection, incident_id: int) -> Mapping[tuple[str, datetime], Answer]:
    """Return how each breach of an incident failed last, by (fingerprint, when it opened)."""
    rows = connection.execute(_FAILURES, {"incident": incident_id})
    return {(row["fingerprint"], row["opened_at"]): _answer_of(row) for row in rows.mappings()}


def unjudged(connection: Connection, incident_id: int) -> tuple[Answer, ...]:
    """Return what errored or was skipped in each contract's newest run while it was open."""
    rows = connection.execute(_LEFT_OUT, {"incident": incident_id})
    return tuple(_answer_of(row) for row in rows.mappings())


def _answer_of(row: RowMapping) -> Answer:
    return Answer(run_id=row["result_run_id"], result=result_of(row))


def _ended_while_open(trouble: FromClause) -> tuple[ColumnElement[bool], ...]:
    over = trouble.c.resolved_at
    return (
        RUN.c.contract_id == CONTRACT.c.id,
        RUN.c.finished_at >= trouble.c.opened_at,
        or_(over.is_(None), RUN.c.finished_at < over),
        RUN.c.counted,
    )


_FAILED: Final = RESULT.alias("failed")
FAILED_LAST: Final = (
    select(_FAILED.c.id)
    .select_from(RUN)
    .join(_FAILED, _FAILED.c.run_id == RUN.c.id)
    .where(
        *_ended_while_open(BREACH),
        _FAILED.c.clause_id == CLAUSE.c.id,
        _FAILED.c.segment == BREACH.c.segment,
        _FAILED.c.outcome == Outcome.FAILED.value,
    )
    .order_by(RUN.c.finished_at.desc(), RUN.c.id.desc())
    .limit(1)
    .correlate(BREACH, CONTRACT, CLAUSE)
    .scalar_subquery()
)
_FAILURES: Final = (
    select(BREACH.c.fingerprint, BREACH.c.opened_at, *CLAUSE_COLUMNS, *_ANSWERS)
    .select_from(BREACH)
    .join(CONTRACT, CONTRACT.c.id == BREACH.c.contract_id)
    .join(CLAUSE, (CLAUSE.c.contract_id == CONTRACT.c.id) & (CLAUSE.c.key == BREACH.c.clause_key))
    .join(RESULT, RESULT.c.id == FAILED_LAST)
    .where(BREACH.c.incident_id == bindparam("incident"))
)

NEWEST_RUN: Final = (
    select(RUN.c.id)
    .where(*_ended_while_open(INCIDENT))
    .order_by(RUN.c.finished_at.desc(), RUN.c.id.desc())
    .limit(1)
    .correlate(INCIDENT, CONTRACT)
    .scalar_subquery()
)
_LEFT_OUT: Final = (
    select(*CLAUSE_COLUMNS, *_ANSWERS)
    .select_from(INCIDENT)
    .join(CONTRACT, CONTRACT.c.product == INCIDENT.c.product)
    .join(RESULT, RESULT.c.run_id == NEWEST_RUN)
    .join(CLAUSE, CLAUSE.c.id == RESULT.c.clause_id)
    .where(INCIDENT.c.id == bindparam("incident"), RESULT.c.outcome.in_(_UNJUDGED))
    .order_by(CONTRACT.c.id, RESULT.c.position)
)
