"""Datasets whose statements can be read afterwards, and which are closed after a test."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace

from checks import sources
from checks.dataset import Answer, Dataset, Dialect, Parameters, Session
from checks.errors import CheckError
from checks.location import Limits, Location
from contracts.model import Schema
from tests.checks.build import LIMITS


class Recording:
    """A session that keeps what was put to it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.statements: list[str] = []

    @property
    def dialect(self) -> Dialect:
        return self._session.dialect

    def run(self, statement: str, parameters: Parameters = ()) -> Answer:
        self.statements.append(statement)
        return self._session.run(statement, parameters)

    def close(self) -> None:
        self._session.close()


class Refusing:
    """A session that raises an error for each statement which holds a certain text."""

    def __init__(self, session: Session, errors: Mapping[str, CheckError]) -> None:
        self._session = session
        self._errors = errors
        self.refused: list[str] = []

    @property
    def dialect(self) -> Dialect:
        return self._session.dialect

    def run(self, statement: str, parameters: Parameters = ()) -> Answer:
        for text, error in self._errors.items():
            if text in statement:
                self.refused.append(statement)
                raise error
        return self._session.run(statement, parameters)

    def close(self) -> None:
        self._session.close()


class Opener:
    """Opens datasets; closes them at its own end."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def __call__(
        self, location: Location, *tables: Schema, fused: bool = True, limits: Limits = LIMITS
    ) -> tuple[Dataset, Sequence[str]]:
        """The dataset, and the statements put to it from now on."""
        dataset = sources.load(location.source).open(tables, location, limits=limits)
        session = Recording(dataset.session)
        self._stack.callback(session.close)
        return replace(dataset, session=session, fused=fused), session.statements


def opener() -> Iterator[Opener]:
    """For a fixture to yield from."""
    with ExitStack() as stack:
        yield Opener(stack)
