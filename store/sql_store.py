"""The store on an SQL database: transactions, and what lies in them by group."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection, Engine

from store.audit import SqlAudit
from store.connections import SqlConnections
from store.contracts import SqlContracts
from store.engine import reading, writing
from store.heartbeats import SqlHeartbeats
from store.incidents import SqlIncidents
from store.notices import SqlNotices
from store.products import SqlProducts
from store.runs import SqlRuns
from store.schedules import SqlSchedules
from store.standings import SqlStandings
from store.tokens import SqlTokens


class SqlShelf:
    """One transaction. Nothing of it may be used when its block has ended."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def contracts(self) -> SqlContracts:
        """Published versions and their clauses."""
        return SqlContracts(self._connection)

    @cached_property
    def products(self) -> SqlProducts:
        """Domains, products, their ports and whom to tell."""
        return SqlProducts(self._connection)

    @cached_property
    def connections(self) -> SqlConnections:
        """Named ways to data."""
        return SqlConnections(self._connection)

    @cached_property
    def schedules(self) -> SqlSchedules:
        """Timetables as rows that tick."""
        return SqlSchedules(self._connection)

    @cached_property
    def runs(self) -> SqlRuns:
        """The queue's truth."""
        return SqlRuns(self._connection)

    @cached_property
    def standings(self) -> SqlStandings:
        """The newest verdict of each clause, and the scores over time."""
        return SqlStandings(self._connection)

    @cached_property
    def incidents(self) -> SqlIncidents:
        """Breaches and the incidents that gather them."""
        return SqlIncidents(self._connection)

    @cached_property
    def notices(self) -> SqlNotices:
        """The outbox."""
        return SqlNotices(self._connection)

    @cached_property
    def tokens(self) -> SqlTokens:
        """Who may come in."""
        return SqlTokens(self._connection)

    @cached_property
    def audit(self) -> SqlAudit:
        """What was done, by whom."""
        return SqlAudit(self._connection)

    @cached_property
    def heartbeats(self) -> SqlHeartbeats:
        """Signs of life of the service's processes."""
        return SqlHeartbeats(self._connection)


class SqlStore:
    """Everything the service keeps, in one database. Threads and processes may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def read(self) -> Iterator[SqlShelf]:
        """Open a transaction that only reads.

        Raises:
            StoreError: see ``store.errors``.
        """
        with reading(self._engine) as connection:
            yield SqlShelf(connection)

    @contextmanager
    def write(self) -> Iterator[SqlShelf]:
        """Open a transaction that writes: committed at the block's end, rolled back when it raises.

        Raises:
            NestedWrite: this thread has one open already.
            StoreError: see ``store.errors``.
        """
        with writing(self._engine) as connection:
            yield SqlShelf(connection)
