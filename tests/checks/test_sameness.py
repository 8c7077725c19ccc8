"""One verdict, however it is asked: fused, rule by rule, in plain Python; of files and tables."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checks.dataset import quote
from contracts.clause import Clause, Kind
from tests.checks.build import LIMITS, at, clause, column, judged, schema
from tests.checks.oracle import TYPES, Cell, verdict
from tests.checks.postgres import MARKS, Postgres, made

ODD = ["a b", 'q"q', "^x$", "order", "Ünï", "%s", ":x", "{batch}", "c0", "f0", "row", "count"]
OPERATORS = ["mustBe", "mustBeLessThan", "mustBeGreaterThan", "mustBeLessOrEqualTo"]
PATTERNS = ["a", "^a", "b$", "^.*$", "[^a]", "^(a|A) ?b$", r"\w", "'"]
SLOW = settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
Table = Mapping[str, Sequence[Cell]]


@st.composite
def tables(draw: st.DrawFn) -> tuple[Mapping[str, str], Table, Table]:
    """Columns of some types under odd names, as many rows, and a table to relate the first to."""
    types = draw(st.lists(st.sampled_from(sorted(TYPES)), min_size=1, max_size=4))
    names = draw(st.permutations(ODD))[: len(types)]
    rows = draw(st.sampled_from([0, 1, 2, 5, 9]))
    cells = {
        name: draw(st.lists(_cells(type_), min_size=rows, max_size=rows))
        for name, type_ in zip(names, types, strict=True)
    }
    targets = draw(st.lists(_cells(types[0]), max_size=3))
    return dict(zip(names, types, strict=True)), cells, {"id": targets}


def _cells(type_: str) -> st.SearchStrategy[Cell]:
    return st.one_of(st.none(), st.sampled_from(TYPES[type_].cells))


@st.composite
def questions(draw: st.DrawFn, types: Mapping[str, str]) -> list[Clause]:
    """Clauses of every kind that fits the columns."""
    asked = [clause(Kind.ROW_COUNT, **_threshold(draw))]
    for name, type_ in types.items():
        asked += _of_column(draw, name, type_)
    names = list(types)
    first, logical = names[0], TYPES[types[names[0]]].logical
    asked.append(clause(Kind.PRIMARY_KEY, columns=names[:2], keys=names[:2]))
    asked.append(clause(Kind.DUPLICATE_VALUES, columns=names, unit="rows", **_threshold(draw)))
    if logical != "boolean":
        asked.append(
            clause(
                Kind.RELATIONSHIP, first, columns=[first], to_schema="targets", to_columns=["id"]
            )
        )
    return asked


def _of_column(draw: st.DrawFn, name: str, type_: str) -> Iterator[Clause]:
    promised = TYPES[type_]
    yield clause(Kind.TYPE, name, logical_type=promised.logical)
    yield clause(Kind.REQUIRED, name)
    yield clause(Kind.UNIQUE, name)
    for kind in (Kind.MINIMUM, Kind.MAXIMUM, Kind.EXCLUSIVE_MINIMUM, Kind.EXCLUSIVE_MAXIMUM):
        if promised.bounds:
            yield clause(kind, name, value=draw(st.sampled_from(promised.bounds)))
    if type_ in {"string", "integer", "boolean"}:
        values = draw(st.lists(st.sampled_from(promised.cells), min_size=1, max_size=3))
        yield clause(Kind.ENUM, name, values=values)
    if type_ == "string":
        yield clause(Kind.MIN_LENGTH, name, value=draw(st.integers(0, 3)))
        yield clause(Kind.MAX_LENGTH, name, value=draw(st.integers(0, 3)))
        yield clause(Kind.PATTERN, name, value=draw(st.sampled_from(PATTERNS)))
    for kind in (Kind.NULL_VALUES, Kind.DUPLICATE_VALUES):
        unit = draw(st.sampled_from(["rows", "percent"]))
        yield clause(kind, name, unit=unit, **_threshold(draw))
    query = "SELECT count({property}) FROM {object}"
    yield clause(Kind.SQL, name, query=query, **_threshold(draw))


def _threshold(draw: st.DrawFn) -> dict[str, Any]:
    value = draw(st.sampled_from([0, 1, 2, 50, 33.5]))
    return {"operator": draw(st.sampled_from(OPERATORS)), "value": value}


def as_schemas(types):
    columns = [column(name, TYPES[type_].logical) for name, type_ in types.items()]
    target = TYPES[next(iter(types.values()))].logical
    return [schema("orders", *columns), schema("targets", column("id", target))]


def compared(location, types, cells, targets, asked) -> None:
    """Every clause has the same outcome and count, whoever is asked."""
    schemas = as_schemas(types)
    expected = {each.key: verdict(each, cells, targets["id"]) for each in asked}
    for fused in (True, False):
        found = judged(location, schemas, asked, replace(LIMITS, fused=fused))

        told = {key: (each.outcome.value, each.failed_rows) for key, each in found.items()}
        wrong = [key for key in told if told[key] != expected[key]]
        assert not wrong, [(key, fused, expected[key], found[key]) for key in wrong]


def rows_of(cells: Table) -> list[list[Cell]]:
    return [list(row) for row in zip(*cells.values(), strict=True)]


def write_parquet(folder: Path, name: str, types: Mapping[str, str], cells: Table) -> None:
    stated = ", ".join(f"{quote(each)} {type_}" for each, type_ in types.items())
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE made ({stated})")
        marks = ", ".join("?" for _ in types)
        for row in rows_of(cells):
            database.execute(f"INSERT INTO made VALUES ({marks})", row)
        database.execute(f"COPY made TO '{folder}/{name}.parquet' (FORMAT parquet)")


@SLOW
@given(made_up=tables(), data=st.data())
def test_all_agree_on_files(made_up, data):
    types, cells, targets = made_up
    asked = data.draw(questions(types))
    first = TYPES[next(iter(types.values()))].duckdb
    with tempfile.TemporaryDirectory() as folder:
        stated = {name: TYPES[type_].duckdb for name, type_ in types.items()}
        write_parquet(Path(folder), "orders", stated, cells)
        write_parquet(Path(folder), "targets", {"id": first}, targets)

        compared(at(Path(folder), "{model}.parquet"), types, cells, targets, asked)


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    yield from made()


def fill(postgres: Postgres, name: str, types: Mapping[str, str], cells: Table) -> None:
    stated = ", ".join(f"{quote(each)} {type_}" for each, type_ in types.items())
    postgres.run(f"DROP TABLE IF EXISTS {name}", f"CREATE TABLE {name} ({stated})")
    marks = ", ".join("%s" for _ in types)
    for row in rows_of(cells):
        statement = f"INSERT INTO {name} VALUES ({marks})"
        postgres.connection.execute(statement.encode(), row, prepare=False)


@SLOW
@given(made_up=tables(), data=st.data())
def on_postgresql(postgres, made_up, data):
    types, cells, targets = made_up
    asked = data.draw(questions(types))
    first = TYPES[next(iter(types.values()))].postgres
    stated = {name: TYPES[type_].postgres for name, type_ in types.items()}
    fill(postgres, "orders", stated, cells)
    fill(postgres, "targets", {"id": first}, targets)

    compared(postgres.at(), types, cells, targets, asked)


class TestOnPostgresql:
    pytestmark = MARKS

    def test_all_agree_on_postgresql(self, postgres):
        postgres.run("SET TimeZone = 'UTC'")

        on_postgresql(postgres)

    @pytest.mark.parametrize("name", ["My Data", 'q"q', "ünï", "%s", ":x", "ORDERS"])
    def test_schemas_and_tables_may_have_odd_names(self, postgres, name):
        odd = f"{postgres.schema} {name}"
        place = f"{quote(odd)}.{quote(name)}"
        postgres.run(f"CREATE SCHEMA {quote(odd)}", f"CREATE TABLE {place} AS SELECT 1.5 AS x")
        asked = [
            clause(Kind.REQUIRED, "x", schema=name),
            clause(Kind.NULL_VALUES, "x", schema=name, operator="mustBe", value=0),
            clause(Kind.ROW_COUNT, schema=name, operator="mustBe", value=1),
            clause(
                Kind.SQL,
                schema=name,
                query="SELECT sum(x) FROM {table}",
                operator="mustBe",
                value=1.5,
            ),
        ]

        findings = judged(postgres.at(schema=odd), [schema(name, column("x", "number"))], asked)
        postgres.run(f"DROP SCHEMA {quote(odd)} CASCADE")

        told = [(each.outcome.value, each.reason) for each in findings.values()]
        assert told == [("passed", "")] * 4
