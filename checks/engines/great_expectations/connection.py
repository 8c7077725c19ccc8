"""A DBAPI connection over a run's own session, for SQLAlchemy.

Each statement is locked in and time-limited as all others of the run. Rows are fetched at once,
since Great Expectations closes connections before it reads them, and there are no transactions, so
that a statement which fails spoils none after it.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from checks.dataset import Parameters, Session
from checks.errors import CheckError, FailedStatement, StoppedQuery


class SessionCursor:
    """A DBAPI cursor that has fetched all its rows before ``execute`` returns."""

    arraysize = 1
    rowcount = -1
    lastrowid = None

    def __init__(self, session: Session, connection: "SessionConnection") -> None:
        self._session = session
        self.connection = connection
        self._rows: list[tuple[object, ...]] = []
        self.description: Sequence[tuple[object, ...]] | None = None

    def execute(self, statement: str, parameters: Parameters = ()) -> None:
        """Run ``statement`` to its end; an error is the session's own, which SQLAlchemy lets by."""
        self.connection.refuse_again(statement, parameters)
        try:
            answer = self._session.run(statement, parameters)
        except (FailedStatement, StoppedQuery) as error:
            self.connection.failed(statement, parameters, error)
            raise
        unknown = (None,) * 5  # sizes and so on, which the DBAPI lets a driver leave open
        self.description = [(*column, *unknown) for column in answer.description] or None
        self._rows = list(answer.rows)

    def fetchone(self) -> tuple[object, ...] | None:
        """The next row; None after the last."""
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int = 1) -> list[tuple[object, ...]]:
        """The next ``size`` rows, or as many as are left."""
        taken, self._rows = self._rows[:size], self._rows[size:]
        return taken

    def fetchall(self) -> list[tuple[object, ...]]:
        """All rows that are left."""
        return self.fetchmany(len(self._rows))

    def close(self) -> None:
        """Forget the rows."""
        self._rows = []


class SessionConnection:
    """A DBAPI connection over a session that outlives it. It only reads."""

    notices: ClassVar[list[str]] = []

    def __init__(self, session: Session) -> None:
        self._session = session
        self._failed: dict[tuple[str, str], CheckError] = {}

    def failed(self, statement: str, parameters: Parameters, error: CheckError) -> None:
        """Remember how ``statement`` failed."""
        self._failed[statement, _told(parameters)] = error

    def refuse_again(self, statement: str, parameters: Parameters) -> None:
        """Raise anew what a statement raised before: GX asks up to three times, each as long."""
        if self._failed and (error := self._failed.get((statement, _told(parameters)))):
            raise error

    def cursor(self) -> SessionCursor:
        """A cursor over the session."""
        return SessionCursor(self._session, self)

    def commit(self) -> None:
        """Do nothing."""

    def rollback(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing: the session belongs to the run."""


def _told(parameters: Parameters) -> str:
    """Parameters as text: not all of them can be keys."""
    return repr(dict(parameters) if isinstance(parameters, Mapping) else tuple(parameters))
