"""Negative controls: what the harness must catch. Nothing of it stands in the service's own code.

A process of the service that is started with ``CHAOS_CONTROL`` and the folder ``broken`` on its
path loses one of the three things that keep it honest.
"""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final

from sqlalchemy import ColumnElement, Connection, Engine, delete

from checks.model import Report
from notifications.model import Notice
from runs.model import Claim, Interval
from runtime.settings import variable
from store import engine, notices, results, runs, sql_store
from store.tables.judging import RESULT, RUN

NAMES: Final = ("fence", "outbox", "begin")
_GAP: Final = 1.0  # seconds between a commit and its notices, so that a death falls into it soon


def break_on_purpose() -> None:
    """Break what the environment names; nothing when it names nothing."""
    name = variable("CHAOS_CONTROL")
    if name is not None:
        _BREAKS[name]()


def _without_fence() -> None:
    """Whoever claimed a run once may end it, also when it was given to another since."""

    def held(claim: Claim) -> tuple[ColumnElement[bool], ...]:
        return (RUN.c.id == claim.run_id,)

    def insert(
        connection: Connection, run_id: int, contract_id: str, interval: Interval, report: Report
    ) -> None:
        connection.execute(delete(RESULT).where(RESULT.c.run_id == run_id))  # the second belt
        results.insert_results(connection, run_id, contract_id, interval, report)

    vars(runs).update(_held=held, insert_results=insert)


def _outbox_outside() -> None:
    """Notices are written after the commit of what they tell, in a transaction of their own."""
    add = notices.SqlNotices.add
    write = sql_store.SqlStore.write
    waiting: list[Notice] = []

    def later(_shelf: notices.SqlNotices, notice: Notice) -> None:
        waiting.append(notice)

    @contextmanager
    def outside(store: sql_store.SqlStore) -> Iterator[sql_store.SqlShelf]:
        with write(store) as shelf:
            yield shelf
        if waiting:
            time.sleep(_GAP)
            told, waiting[:] = waiting[:], []
            with write(store) as shelf:
                for notice in told:
                    add(shelf.notices, notice)

    vars_of_class(notices.SqlNotices, add=later)
    vars_of_class(sql_store.SqlStore, write=outside)


def vars_of_class(owner: type, **changed: object) -> None:
    """Replace attributes of a class."""
    for name, value in changed.items():
        setattr(owner, name, value)


def _plain_begin() -> None:
    """SQLite's writers begin as readers do, and take no ticket."""

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA query_only = OFF")
        connection.exec_driver_sql("BEGIN")

    def turn(_engine: Engine) -> AbstractContextManager[None]:
        return nullcontext()

    vars(engine).update(_begin=begin, _turn=turn)


_BREAKS: Final = {"fence": _without_fence, "outbox": _outbox_outside, "begin": _plain_begin}
