from dataclasses import replace

from checks.dataset import Answer, Dataset, Dialect
from checks.narrowing import Narrowed, narrow
from contracts.clause import Kind
from tests.checks.build import clause

REQUIRED, UNIQUE, COUNT = (
    clause(Kind.REQUIRED, "id"),
    clause(Kind.UNIQUE, "id"),
    clause(Kind.ROW_COUNT),
)
ASKED = [REQUIRED, UNIQUE, COUNT]


class NoSession:
    """A session of which nobody may ask anything."""

    dialect = Dialect.DUCKDB

    def run(self, statement, parameters=()) -> Answer:
        raise AssertionError(statement, parameters)

    def close(self) -> None:
        """Nothing is open."""


WHOLE = Dataset(session=NoSession(), tables={}, problems={})
FEW = replace(WHOLE, problems={"few": "rows"})


def test_without_filters_all_is_asked_of_the_whole():
    narrowed = narrow(WHOLE, ASKED, ())

    assert narrowed.parts(ASKED) == [(WHOLE, ASKED)]
    assert narrowed.refused == {}


def test_each_clause_is_asked_of_the_rows_that_it_is_about():
    told = replace(REQUIRED, sensitive_columns=("note",))
    narrowed = Narrowed(whole=WHOLE, rows=FEW, clauses={REQUIRED.key: told, COUNT.key: COUNT})

    assert narrowed.parts(ASKED) == [(WHOLE, [UNIQUE]), (FEW, [told, COUNT])]
    assert narrowed.parts([COUNT]) == [(FEW, [COUNT])]


def test_what_was_refused_is_asked_of_nobody():
    narrowed = Narrowed(
        whole=WHOLE, rows=FEW, clauses={COUNT.key: COUNT}, refused={COUNT.key: "why"}
    )

    assert narrowed.parts(ASKED) == [(WHOLE, [REQUIRED, UNIQUE])]
    assert narrowed.parts([COUNT]) == []
