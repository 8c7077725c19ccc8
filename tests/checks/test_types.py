"""Holds docs/types.md: whatever its table says of a stored type is what a run finds."""

import re
from pathlib import Path

import pytest

from checks.model import Outcome
from contracts.clause import Kind
from contracts.clauses import clauses
from tests.checks.build import clause, column, contract, csv, judged, one, parquet, schema
from tests.checks.postgres import LIMITS, MARKS, made

DOC = (Path(__file__).parents[2] / "docs" / "types.md").read_text(encoding="utf-8")
TABLE = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in DOC.splitlines()
    if line.startswith("|")
][2:]
LOGICAL = [row[0] for row in TABLE if row[0] != "none of these"]
PARQUET, POSTGRESQL = 1, 2


def stored(place):
    """By row of the table: the types that its cell at ``place`` names."""
    kept = {row[0]: re.findall(r"`([^`]+)`", row[place]) for row in TABLE}
    assert all("all integers" in row[place] for row in TABLE if row[0] == "number")
    kept["number"] += kept["integer"]
    return kept


def every(place):
    """Each stored type with each logical type, the name of a column of its own, and the verdict."""
    kept = stored(place)
    types = sorted({type_ for types in kept.values() for type_ in types})
    pairs = [(type_, logical) for type_ in types for logical in LOGICAL]
    return [
        (f"c{at}", type_, logical, type_ in kept[logical])
        for at, (type_, logical) in enumerate(pairs)
    ]


def found(location, cases):
    """The same with what a run tells."""
    table = schema("orders", *(column(name, logical) for name, _, logical, _ in cases))
    asked = [clause(Kind.TYPE, name, logical_type=logical) for name, _, logical, _ in cases]
    told = judged(location, [table], asked, LIMITS)
    return [
        (name, type_, logical, told[each.key].outcome is Outcome.PASSED)
        for each, (name, type_, logical, _) in zip(asked, cases, strict=True)
        if told[each.key].outcome in {Outcome.PASSED, Outcome.FAILED}
    ]


@pytest.fixture
def postgres():
    yield from made()


def test_the_table_speaks_of_every_scalar_type_once():
    scalars = ["string", "integer", "number", "boolean", "date", "timestamp", "time"]

    assert scalars == LOGICAL


def test_parquet_keeps_the_promises_that_the_table_says(tmp_path):
    cases = every(PARQUET)
    location = parquet(
        tmp_path, "SELECT " + ", ".join(f"NULL::{type_} AS {name}" for name, type_, _, _ in cases)
    )

    assert found(location, cases) == cases


class TestOnRealPostgres:
    pytestmark = MARKS

    def test_postgresql_keeps_the_promises_that_the_table_says(self, postgres):
        cases = every(POSTGRESQL)
        postgres.run(
            "CREATE TYPE mood AS ENUM ('glad', 'sad')",
            "CREATE TABLE orders ("
            + ", ".join(
                f"{name} {'mood' if type_ == 'enum' else type_}" for name, type_, _, _ in cases
            )
            + ")",
        )

        assert found(postgres.at(), cases) == cases

    def test_a_mismatch_reads_as_the_document_shows(self, postgres):
        postgres.run("CREATE TABLE orders (price varchar(20), at timestamp)")
        table = schema("orders", column("price"), column("at"))
        asked = [
            clause(Kind.TYPE, "price", logical_type="number"),
            clause(Kind.TYPE, "at", logical_type="date"),
        ]

        told = judged(postgres.at(), [table], asked, LIMITS)

        reasons = [told[each.key].reason for each in asked]
        assert "\n".join(reasons) in DOC


def test_a_cell_that_cannot_be_read_is_told_as_the_document_shows(tmp_path):
    location = csv(tmp_path, "id\n1\n2\nx\n")
    table = schema("orders", column("id", "integer"))

    told = one(location, table, clause(Kind.TYPE, "id", logical_type="integer"))

    assert f"`{told.reason}`" in DOC


@pytest.mark.parametrize("logical", ["array", "object", "map", "vector"])
def test_a_nested_type_is_skipped_and_its_column_is_looked_for(logical):
    table = schema("orders", column("tags", logical))

    told = {clause.kind: clause.skipped for clause in clauses(contract(table))}

    assert told[Kind.TYPE] == "not supported yet"
    assert told[Kind.COLUMN_PRESENT] == ""
