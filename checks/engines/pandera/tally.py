"""Puts aggregates to the database: all in one statement, one by one only when that one raises."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from checks.dataset import Session
from checks.errors import FailedStatement, StoppedQuery


class Tally:
    """Asks for one table, and keeps every answer.

    Attributes:
        beside: Aggregates over the table that no rule asks for, to be asked along with the rules'.
        answers: What was answered so far, by name; the exception where an aggregate raised one.
    """

    def __init__(self, session: Session, beside: Mapping[str, ir.Scalar]) -> None:
        self._session = session
        self.beside = beside
        self.answers: dict[str, object] = {}

    def ask(self, table: ir.Table, asked: Mapping[str, ir.Scalar]) -> Mapping[str, object]:
        """The value of each aggregate over ``table``, or the exception that it raised, by name."""
        answers = self._ask(table, asked)
        self.answers.update(answers)
        return answers

    def _ask(self, table: ir.Table, asked: Mapping[str, ir.Scalar]) -> Mapping[str, object]:
        try:
            statement = str(ibis.to_sql(table.aggregate(**asked), dialect="duckdb"))
            row = self._session.run(statement).rows[0]
            return dict(zip(asked, row, strict=True))
        except StoppedQuery as error:
            # Asking for each alone could take as long again, each.
            return dict.fromkeys(asked, error)
        except FailedStatement as error:
            if len(asked) == 1:
                return dict.fromkeys(asked, error)
        alone = (self._ask(table, {name: value}) for name, value in asked.items())
        return {name: value for answer in alone for name, value in answer.items()}
