"""The store on an SQL database: transactions, and what lies in them by group."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import Final, NoReturn, TypeVar

from sqlalchemy import Connection, Engine

from store.audit import SqlAudit
from store.catalog import SqlCatalog
from store.connections import SqlConnections
from store.contracts import SqlContracts
from store.datasets import SqlDatasets
from store.engine import reading, writing
from store.errors import Unremembered
from store.events import SqlEvents
from store.figures import SqlFigures
from store.heartbeats import SqlHeartbeats
from store.idempotency import SqlKeys
from store.incidents import SqlIncidents
from store.memo import Memo
from store.notices import SqlNotices
from store.past import SqlPast
from store.products import SqlProducts
from store.receivers import SqlReceivers
from store.retention import SqlRetention
from store.runs import SqlRuns
from store.schedules import SqlSchedules
from store.standings import SqlStandings
from store.tokens import SqlTokens
from store.triggers import SqlTriggers
from store.watches import SqlWatches

Value = TypeVar("Value")


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
    def triggers(self) -> SqlTriggers:
        """What asks for runs, and which of them it joins."""
        return SqlTriggers(self._connection)

    @cached_property
    def datasets(self) -> SqlDatasets:
        """Under which names the data of contracts is known elsewhere."""
        return SqlDatasets(self._connection)

    @cached_property
    def standings(self) -> SqlStandings:
        """The newest verdict of each clause, and the scores over time."""
        return SqlStandings(self._connection)

    @cached_property
    def catalog(self) -> SqlCatalog:
        """How each product stands, and finding products by it."""
        return SqlCatalog(self._connection)

    @cached_property
    def past(self) -> SqlPast:
        """What was recorded up to a moment."""
        return SqlPast(self._connection)

    @cached_property
    def incidents(self) -> SqlIncidents:
        """Breaches and the incidents that gather them."""
        return SqlIncidents(self._connection)

    @cached_property
    def notices(self) -> SqlNotices:
        """The outbox."""
        return SqlNotices(self._connection)

    @cached_property
    def receivers(self) -> SqlReceivers:
        """Whom nothing is sent to any more."""
        return SqlReceivers(self._connection)

    @cached_property
    def tokens(self) -> SqlTokens:
        """Who may come in."""
        return SqlTokens(self._connection)

    @cached_property
    def audit(self) -> SqlAudit:
        """What was done, by whom."""
        return SqlAudit(self._connection)

    @cached_property
    def events(self) -> SqlEvents:
        """What happened, for those who follow."""
        return SqlEvents(self._connection)

    @cached_property
    def keys(self) -> SqlKeys:
        """Requests that may be sent twice, and what was answered to them."""
        return SqlKeys(self._connection)

    @cached_property
    def watches(self) -> SqlWatches:
        """When time's work on each product's assurance was last looked at."""
        return SqlWatches(self._connection)

    @cached_property
    def figures(self) -> SqlFigures:
        """What operators watch."""
        return SqlFigures(self._connection)

    @cached_property
    def retention(self) -> SqlRetention:
        """Letting go of what was kept long enough."""
        return SqlRetention(self._connection)

    @cached_property
    def heartbeats(self) -> SqlHeartbeats:
        """Signs of life of the service's processes."""
        return SqlHeartbeats(self._connection)

    def settle(self) -> None:
        """Write what is written last, each behind what others have committed."""
        self.audit.settle()
        self.events.settle()


_SMALL: Final = 4096  # bytes


def _always(_found: object) -> bool:
    return True


def _small(_found: object) -> int:
    return _SMALL


class SqlStore:
    """Everything the service keeps, in one database. Threads and processes may share it."""

    def __init__(
        self, engine: Engine, *, reader: Engine | None = None, memo: Memo | None = None
    ) -> None:
        """Keep everything in ``engine``; ``reader`` may be another way into the same database.

        ``memo`` remembers what is read by name; without one everything is read each time.
        """
        self._engine = engine
        self._reader = engine if reader is None else reader
        self._memo = memo

    @contextmanager
    def read(self) -> Iterator[SqlShelf]:
        """Open a transaction that only reads.

        Raises:
            StoreError: see ``store.errors``.
        """
        with reading(self._reader) as connection:
            yield SqlShelf(connection)

    @property
    def remembered(self) -> "Remembered":
        """The same for those who cannot wait, such as an event loop."""
        return Remembered(self._memo)

    def recall(
        self,
        name: Hashable,
        look: Callable[[SqlShelf], Value],
        *,
        fits: Callable[[Value], bool] = _always,
        size: Callable[[Value], int] = _small,
    ) -> Value:
        """Return what ``look`` finds, or found for ``name`` if nothing was committed since.

        Raises:
            StoreError: see ``store.errors``.
        """

        def read() -> Value:
            with self.read() as shelf:
                return look(shelf)

        return read() if self._memo is None else self._memo.recall(name, read, fits=fits, size=size)

    @contextmanager
    def write(self) -> Iterator[SqlShelf]:
        """Open a transaction that writes: committed at the block's end, rolled back when it raises.

        Raises:
            NestedWrite: this thread has one open already.
            StoreError: see ``store.errors``.
        """
        with writing(self._engine) as connection:
            shelf = SqlShelf(connection)
            yield shelf
            shelf.settle()


class Remembered:
    """A store that never waits for the database: it gives what is remembered, or nothing."""

    def __init__(self, memo: Memo | None) -> None:
        self._memo = memo

    @property
    def remembered(self) -> "Remembered":
        """Itself."""
        return self

    def recall(
        self,
        name: Hashable,
        look: Callable[[SqlShelf], Value],
        *,
        fits: Callable[[Value], bool] = _always,
        size: Callable[[Value], int] = _small,
    ) -> Value:
        """Return what ``look`` found for ``name``, if nothing was committed since.

        Raises:
            Unremembered: it would have to look.
        """
        if self._memo is None:
            raise Unremembered
        return self._memo.recall(name, _unread, fits=fits, size=size)

    def read(self) -> AbstractContextManager[SqlShelf]:
        """Open nothing.

        Raises:
            Unremembered: always.
        """
        return _unread()

    write = read


def _unread() -> NoReturn:
    raise Unremembered
