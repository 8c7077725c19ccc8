"""What Pandera's engine does in its own way on PostgreSQL, on a real server."""

import pytest

from checks.dataset import Dialect
from checks.engines.pandera.engine import judge
from checks.engines.pandera.rows import among
from checks.location import Limits
from contracts.clause import Kind
from tests.checks.build import clause, column, judged, one, schema
from tests.checks.engines.opened import opener
from tests.checks.postgres import MARKS, made

pytestmark = MARKS
BOUNDS = (Kind.MINIMUM, Kind.EXCLUSIVE_MINIMUM, Kind.MAXIMUM, Kind.EXCLUSIVE_MAXIMUM)


@pytest.fixture
def postgres():
    yield from made()


@pytest.fixture
def opened():
    yield from opener()


def told(findings):
    return [(each.outcome.value, each.failed_rows, each.measured) for each in findings.values()]


@pytest.mark.parametrize(
    ("type_", "cells", "value", "failed"),
    [
        ("int", ["1", "2", "3", "3", None], 2, [1, 2, 2, 3]),
        ("int", ["1", "2", "3", "3", None], 2.5, [2, 2, 2, 2]),
        ("numeric(9, 2)", ["1", "2", "NaN", None], 2, [1, 2, 0, 1]),
        ("numeric", ["-Infinity", "2", "NaN", "Infinity"], 2, [1, 2, 1, 2]),
        ("real", ["0.1", "NaN", "0.2", None], 0.1, [0, 1, 1, 2]),
        ("real", ["0.1", "Infinity", None], 1e308, [1, 1, 1, 1]),
        ("double precision", ["-0", "0", "NaN", "Infinity"], 0, [0, 2, 1, 3]),
        ("text", ["a", "b", "b", None], "b", [1, 3, 0, 2]),
        ("boolean", ["true", "false", "false", None], True, [2, 3, 0, 1]),
        ("date", ["-infinity", "2026-01-01", "infinity"], "2026-01-01", [1, 2, 1, 2]),
        ("time", ["10:00", "24:00", None], "10:00", [0, 1, 1, 2]),
        ("timestamptz", ["2026-01-01 10:00+01"], "2026-01-01T09:00:00Z", [0, 1, 0, 1]),
        ("numeric(9, 2)", ["NaN", None], 2, [0, 0, 0, 0]),
        ("int", [], 2, [0, 0, 0, 0]),
    ],
)
def test_bounds_are_counted_exactly(postgres, type_, cells, value, failed):
    array = ", ".join("NULL" if cell is None else f"'{cell}'" for cell in cells)
    postgres.run(f"CREATE TABLE orders AS SELECT unnest(ARRAY[{array}]::{type_}[]) AS x")
    asked = [clause(kind, "x", value=value) for kind in BOUNDS]

    findings = judged(postgres.at(), [schema("orders", column("x"))], asked)

    assert [each.failed_rows for each in findings.values()] == failed
    assert [each.outcome.value for each in findings.values()] == [
        "failed" if count else "passed" for count in failed
    ]


def test_a_listed_number_is_compared_as_the_column_keeps_it(postgres):
    postgres.run("CREATE TABLE orders (x real)", "INSERT INTO orders VALUES (0.1), (0.2), (0.3)")
    asked = clause(Kind.ENUM, "x", values=[0.1, 0.2])

    found = one(postgres.at(), schema("orders", column("x")), asked)

    assert (found.outcome.value, found.failed_rows) == ("failed", 1)


@pytest.mark.parametrize("columns", [1, 10])
def test_bounds_that_hold_are_told_by_the_scan_of_all_rules(postgres, opened, columns):
    dataset, statements, asked = bounded(postgres, opened, columns, low=1, high=2)

    findings = judge(dataset, asked)

    assert told(findings) == [("passed", 0, 1), ("passed", 0, 2)] * columns
    assert len(statements) == 1


@pytest.mark.parametrize("columns", [1, 10])
def test_rows_beyond_their_bounds_are_counted_by_one_statement_more(postgres, opened, columns):
    dataset, statements, asked = bounded(postgres, opened, columns, low=2, high=1)

    findings = judge(dataset, asked)

    assert told(findings) == [("failed", 1, 1), ("failed", 2, 2)] * columns
    assert all(each.evidence for each in findings.values())
    assert len(statements) == 3  # with that of their rows


def bounded(postgres, opened, columns, *, low, high):
    """Both bounds on each of some columns, of three rows."""
    names = [f"c{number}" for number in range(columns)]
    postgres.run(
        f"CREATE TABLE orders AS SELECT {', '.join(f'i AS {name}' for name in names)} "
        "FROM unnest(ARRAY[1, 2, 2]) AS i"
    )
    dataset, statements = opened(postgres.at(), schema("orders", *map(column, names)))
    ends = ((Kind.MINIMUM, low), (Kind.MAXIMUM, high))
    asked = [clause(kind, name, value=end) for name in names for kind, end in ends]
    return dataset, statements, asked


def test_unfused_every_bound_is_counted_by_itself(postgres):
    postgres.run("CREATE TABLE orders AS SELECT 1 AS x")
    asked = clause(Kind.MINIMUM, "x", value=2)

    found = one(postgres.at(), schema("orders", column("x")), asked, Limits(fused=False))

    assert (found.outcome.value, found.failed_rows, found.measured) == ("failed", 1, 1)


def test_tuples_are_looked_up_by_each_of_their_cells_first():
    values = [(1, "a"), (1, "b")]

    condition = among(["id", "no"], values, Dialect.POSTGRES)

    whole = """("id", "no") IN ((1, 'a'), (1, 'b'))"""
    assert condition == f"""("id" IN (1) AND "no" IN ('a', 'b') AND {whole})"""


def test_the_rows_of_a_repeated_key_are_shown_and_no_others(postgres):
    lines = "(1, 1), (1, 1), (1, 2), (2, 1), (2, 2), (2, 2), (NULL, 2)"
    postgres.run("CREATE TABLE orders (id int, no int)", f"INSERT INTO orders VALUES {lines}")
    table = schema("orders", column("id"), column("no"))

    found = one(postgres.at(), table, clause(Kind.PRIMARY_KEY, columns=["id", "no"]))

    assert found.evidence
    assert found.evidence.rows == ((1, 1), (1, 1), (2, 2), (2, 2), (None, 2))
