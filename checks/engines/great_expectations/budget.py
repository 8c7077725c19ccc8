"""How many statements may be stopped at their time limit before no more is asked."""

from typing import Final

from checks.dataset import Answer, Dialect, Parameters, Session
from checks.errors import StoppedQuery

STOPS: Final = 4


class BudgetedSession:
    """A session that refuses every statement after the fourth that was stopped.

    Each could take as long, and a judging would go on for hours.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stops: list[StoppedQuery] = []

    @property
    def dialect(self) -> Dialect:
        """Whose SQL it speaks."""
        return self._session.dialect

    def run(self, statement: str, parameters: Parameters = ()) -> Answer:
        """See ``Session.run``.

        Raises:
            StoppedQuery: this statement, or four before it, reached the time limit.
            FailedStatement: the database could not run it.
        """
        if len(self._stops) >= STOPS:
            raise StoppedQuery(self._stops[-1].seconds)
        try:
            return self._session.run(statement, parameters)
        except StoppedQuery as error:
            self._stops.append(error)
            raise

    def close(self) -> None:
        """Let go of the connection; never raises."""
        self._session.close()
