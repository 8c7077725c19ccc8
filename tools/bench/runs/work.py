"""The contracts that are judged, and what their runs left in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, func, select

from access.model import Principal, Role
from contracts.timetable import Timetable
from products.model import Connection
from runs.model import RunState
from runs.schedule import jitter
from runtime.clock import now
from store.sql_store import SqlStore
from store.tables.judging import RUN
from usecases.connections import put_connection
from usecases.publish import publish
from usecases.tokens import create_token

ADMIN: Final = Principal(name="bench", role=Role.ADMIN)
CRON: Final = "* * * * *"
_CONNECTIONS: Final = 8  # so that what one connection may carry is no limit
_ENDED: Final = [state.value for state in RunState if state.terminal]
CONTRACT: Final = """\
apiVersion: v3.2.0
kind: DataContract
id: {key}
name: {key}
version: 1.0.0
status: active
domain: bench
dataProduct: {key}
description: {{purpose: Ten rows.}}
team: {{name: bench, members: [{{username: bench@example.org, role: owner}}]}}
servers:
  - server: files
    type: local
    path: tiny.csv
    format: csv
    customProperties: [{{property: connection, value: {connection}}}]
schema:
  - name: tiny
    properties:
      - name: id
        logicalType: integer
        required: true
        unique: true
      - {{name: word, logicalType: string, required: true}}
    quality:
      - {{id: rows, metric: rowCount, mustBe: 10}}
      - {{id: twins, metric: duplicateValues, mustBe: 0, arguments: {{properties: [id]}}}}
{schedule}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One run that ended; ``instant`` is None for one that was asked for."""

    contract_id: str
    asked: datetime
    started: datetime
    finished: datetime
    instant: datetime | None
    state: str
    attempt: int

    @property
    def late(self) -> float:
        """Seconds from when its schedule was due to when a worker began."""
        assert self.instant is not None  # noqa: S101 - only a schedule's run is asked
        due = self.instant + jitter(Timetable(cron=CRON), self.contract_id)
        return (self.started - due).total_seconds()


def prepare(engine: Engine, folder: Path, *, products: int, scheduled: bool) -> str:
    """Fill a new database with connections and so many products; returns an admin's token."""
    (folder / "tiny.csv").write_text("id,word\n" + "".join(f"{n},w\n" for n in range(10)))
    store = SqlStore(engine)
    for number in range(_CONNECTIONS):
        way = Connection(name=f"files{number}", source="files", roots=(folder,))
        put_connection(store, way, by=ADMIN, clock=now)
    when = (
        f"customProperties: [{{property: assaySchedule, value: '{CRON}'}}]\n" if scheduled else ""
    )
    for number in range(products):
        body = CONTRACT.format(
            key=product(number), connection=f"files{number % _CONNECTIONS}", schedule=when
        )
        publish(store, body.encode(), by=ADMIN, clock=now)
    return create_token(store, ADMIN, by=ADMIN, clock=now)[1]


def product(number: int) -> str:
    """Name of a product, within its domain."""
    return f"p{number:04}"


def ended(engine: Engine) -> int:
    """How many runs have ended."""
    return _count(engine, _ENDED)


def running(engine: Engine) -> int:
    """How many runs a worker has taken."""
    return _count(engine, [RunState.RUNNING.value])


def _count(engine: Engine, states: Sequence[str]) -> int:
    with engine.connect() as connection:
        counted = connection.execute(select(func.count()).where(RUN.c.state.in_(states)))
        return int(counted.scalar_one())


def ran(engine: Engine) -> Sequence[Ran]:
    """All runs that have ended, in the order in which they were asked for."""
    c = RUN.c
    wanted = select(
        c.contract_id, c.created_at, c.started_at, c.finished_at, c.instant, c.state, c.attempt
    )
    with engine.connect() as connection:
        rows = connection.execute(wanted.where(c.state.in_(_ENDED)).order_by(c.id)).all()
    return [
        Ran(
            contract_id=row.contract_id,
            asked=row.created_at,
            started=row.started_at,
            finished=row.finished_at,
            instant=row.instant,
            state=row.state,
            attempt=row.attempt,
        )
        for row in rows
    ]


def span(runs: Sequence[Ran]) -> timedelta:
    """From the first request to the last recorded result."""
    return max(run.finished for run in runs) - min(run.asked for run in runs)
