"""Puts questions to the database: all in one statement, one by one only when that one raises."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias, TypeVar

import ibis.expr.types as ir
from ibis.common.exceptions import IbisError

from checks.dataset import Dialect, Relation, Session
from checks.engines.pandera import keys as tuples
from checks.engines.pandera.compiler import conditions, statement
from checks.engines.pandera.keys import Broken, Key
from checks.errors import FailedStatement, StoppedQuery

T = TypeVar("T")
_Asking: TypeAlias = Callable[[Sequence[str]], Mapping[str, T]]
_STOPS: Final = 2


class Tally:
    """Asks about one relation, and keeps every answer.

    Attributes:
        beside: Aggregates over the table that no rule asks for, to be asked along with the rules'.
        answers: The value of each aggregate by name; the exception where it raised one.
        broken: What each key's question found, by the key's name; likewise.
    """

    def __init__(
        self,
        session: Session,
        relation: Relation,
        *,
        beside: Mapping[str, ir.Scalar],
        fused: bool = True,
    ) -> None:
        self._session = session
        self._relation = relation
        self._fused = fused
        self.beside = beside
        self.answers: dict[str, object] = {}
        self.broken: dict[str, Broken | Exception] = {}

    @property
    def dialect(self) -> Dialect:
        """Whose SQL is spoken."""
        return self._session.dialect

    def ask(self, table: ir.Table, asked: Mapping[str, ir.Scalar]) -> Mapping[str, object]:
        """The value of each aggregate over ``table``, or the exception that it raised, by name."""

        def together(names: Sequence[str]) -> Mapping[str, object]:
            aggregate = table.aggregate(**{name: asked[name] for name in names})
            text = statement(aggregate, self._relation, self._session.dialect)
            return dict(zip(names, self._session.run(text).rows[0], strict=True))

        answers = self._isolated(tuple(asked), together)
        self.answers.update(answers)
        return answers

    def look(self, keys: Sequence[Key]) -> Mapping[str, Broken | Exception]:
        """What breaks each of ``keys``, or the exception that looking raised, by name."""
        named = {key.name: key for key in keys}

        def together(names: Sequence[str]) -> Mapping[str, Broken]:
            wanted = [named[name] for name in names]
            row = self._session.run(tuples.question(wanted, self._relation, self.dialect)).rows[0]
            return tuples.read(wanted, row)

        self.broken.update(self._isolated(tuple(named), together))
        return self.broken

    def conditions(
        self, table: ir.Table, truths: Mapping[str, ir.BooleanValue]
    ) -> Mapping[str, str]:
        """Each of ``truths`` about a row of ``table`` as SQL over the relation's columns."""
        return conditions(table, truths, self._relation, self._session.dialect)

    def _isolated(self, names: Sequence[str], together: _Asking[T]) -> Mapping[str, T | Exception]:
        """The answers by name, asked at once; alone where that raises, so that one spoils no other.

        Where a second one was stopped at the time limit, no more is asked: each could take as long.
        """
        if len(names) > 1 and self._fused:
            answers = _answered(names, together)
            if not isinstance(answers, Exception):
                return answers
        found: dict[str, T | Exception] = {}
        stops: list[StoppedQuery] = []
        for name in names:
            answer = stops[-1] if len(stops) == _STOPS else _answer(name, together)
            found[name] = answer
            if isinstance(answer, StoppedQuery) and len(stops) < _STOPS:
                stops.append(answer)
        return found


def _answer(name: str, together: _Asking[T]) -> T | Exception:
    answers = _answered([name], together)
    return answers if isinstance(answers, Exception) else answers[name]


def _answered(names: Sequence[str], together: _Asking[T]) -> Mapping[str, T] | Exception:
    """What ``together`` says of ``names``, or what it raised because of one of them."""
    try:
        return together(names)
    except (FailedStatement, StoppedQuery, IbisError) as error:
        return error
