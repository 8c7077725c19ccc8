"""What was read of an SQLite database, for as long as nobody commits anything to it.

SQLite counts, for each connection, the commits of all other connections, in whatever process
(``PRAGMA data_version``). Asking costs a few microseconds, where reading a scorecard costs
milliseconds. So nothing is ever given out that is older than the newest commit before it was asked
for: there is no moment of grace.

A server has no such count: nothing that is read from one is remembered here.
"""

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Final, TypeVar

from store.forks import unforked

Value = TypeVar("Value")
MOST: Final = 1024  # values that are remembered at once
BOUND: Final = 64 * 1024 * 1024  # bytes of them
_OPEN_FOR: Final = 30.0  # seconds, as for the connections of readers: see ``store.engine``


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A state of the database. Two that are equal tell that nothing was committed in between.

    ``count`` means something to one connection only, which ``opening`` numbers.
    """

    opening: int
    count: int


class Commits:
    """Whether anything was committed. It has a connection of its own, which only asks for that.

    Args:
        database: The file.
        on_opening: Called before the connection is opened anew: what else is open may be open on a
            file that was replaced, and must not be read any more.
    """

    def __init__(self, database: Path, on_opening: Callable[[], None]) -> None:
        self._database = database
        self._on_opening = on_opening
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._file = (0, 0)
        self._openings = 0
        self._opened = 0.0

    def mark(self) -> Mark | None:
        """Return the state of the database now; None when it cannot be told without waiting."""
        with self._lock, unforked():
            try:
                connection = self._current()
                # To the last row: a statement that is not at its end keeps its view of the past.
                ((count,),) = connection.execute("PRAGMA data_version").fetchall()
            except (OSError, sqlite3.Error):  # such as no database yet: reading it says what it is
                self._close()
                return None
            return Mark(opening=self._openings, count=count)

    def close(self) -> None:
        """Close the connection; asking again opens another."""
        with self._lock:
            self._close()

    def _current(self) -> sqlite3.Connection:
        status = self._database.stat()
        file = (status.st_dev, status.st_ino)
        aged = monotonic() - self._opened >= _OPEN_FOR
        if self._connection is None or file != self._file or aged:
            self._close()
            self._on_opening()
            self._openings += 1
            self._connection = sqlite3.connect(
                f"{self._database.as_uri()}?mode=ro",
                uri=True,
                timeout=0,  # an event loop may ask
                isolation_level=None,  # no transaction: in one, the count stands still
                check_same_thread=False,  # the lock sees to it
            )
            self._file, self._opened = file, monotonic()
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    value: Any  # a name stands for values of one kind: whoever names them sees to it
    size: int


class Memo:
    """Values by name, for one state of the database; threads may share it.

    Args:
        mark: Tells the state of the database; None when it cannot.
        most: How many values are remembered; those that were asked for last stay.
        bound: How many bytes.
    """

    def __init__(
        self, mark: Callable[[], Mark | None], *, most: int = MOST, bound: int = BOUND
    ) -> None:
        self._state = mark
        self._most = most
        self._bound = bound
        self._lock = threading.Lock()
        self._of: Mark | None = None
        self._values: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._size = 0

    def recall(
        self,
        name: Hashable,
        read: Callable[[], Value],
        *,
        fits: Callable[[Value], bool],
        size: Callable[[Value], int],
    ) -> Value:
        """Return what ``read`` returned for ``name``, if nothing was committed since, and it fits.

        Else it is read; ``size`` says about how many bytes that takes. The state is asked for
        before: what is committed between the two makes the value newer than the state that it is
        remembered for, so it is read again the next time.
        """
        mark = self._state()
        if mark is None:
            return read()
        found = self._known(name, mark)
        if found is not None and fits(found.value):
            value: Value = found.value
            return value
        value = read()
        self._keep(name, mark, _Kept(value=value, size=size(value)))
        return value

    def _known(self, name: Hashable, mark: Mark) -> _Kept | None:
        with self._lock:
            self._turn_to(mark)
            found = self._values.get(name)
            if found is not None:
                self._values.move_to_end(name)
            return found

    def _keep(self, name: Hashable, mark: Mark, kept: _Kept) -> None:
        if kept.size > self._bound:
            return
        with self._lock:
            self._turn_to(mark)
            self._forget(name)
            self._values[name] = kept
            self._size += kept.size
            while len(self._values) > self._most or self._size > self._bound:
                self._forget(next(iter(self._values)))

    def _forget(self, name: Hashable) -> None:
        if (gone := self._values.pop(name, None)) is not None:
            self._size -= gone.size

    def _turn_to(self, mark: Mark) -> None:
        """Forget everything that is of another state."""
        if mark != self._of:
            self._of = mark
            self._values.clear()
            self._size = 0
