from contextlib import closing
from dataclasses import replace
from typing import Any

import ibis
import pandera.ibis as pa
import pytest

from checks.dataset import Relation
from checks.engines.pandera.schema import CountingBackend, CountingSchema
from checks.engines.pandera.tally import Tally
from checks.model import Outcome
from checks.sources.session import LockedSession
from contracts.clause import Clause, Kind
from tests.checks.build import LIMITS, clause, column, csv, judged, one, parquet, schema
from tests.checks.engines.overheard import about_data, overhear

BIG = 2**70


@pytest.mark.parametrize(
    ("cell", "kind", "value", "failed"),
    [
        ("5::TINYINT", Kind.EXCLUSIVE_MINIMUM, 5, 1),
        ("5::TINYINT", Kind.EXCLUSIVE_MINIMUM, 4.5, 0),
        ("5::TINYINT", Kind.EXCLUSIVE_MAXIMUM, 5.5, 0),
        ("5::TINYINT", Kind.EXCLUSIVE_MAXIMUM, 4.5, 1),
        ("0.07::DECIMAL(15,2)", Kind.EXCLUSIVE_MINIMUM, 0.07, 1),
        ("0.07::DECIMAL(15,2)", Kind.EXCLUSIVE_MINIMUM, 0.065, 0),
        ("0.07::DECIMAL(15,2)", Kind.EXCLUSIVE_MAXIMUM, 0.075, 0),
        ("0.07::DECIMAL(15,2)", Kind.EXCLUSIVE_MAXIMUM, 0.065, 1),
        ("DATE '2026-02-01'", Kind.EXCLUSIVE_MINIMUM, "2026-02-01", 1),
        ("5::TINYINT", Kind.MINIMUM, 5, 0),
        ("5::TINYINT", Kind.MINIMUM, 5.5, 1),
        ("5::TINYINT", Kind.MAXIMUM, 4.5, 1),
        ("5::TINYINT", Kind.MAXIMUM, 1000, 0),
        ("5::BIGINT", Kind.MAXIMUM, BIG, 0),
        ("5::UBIGINT", Kind.MINIMUM, BIG, 1),
        (f"{BIG}::DECIMAL(38,0)", Kind.MINIMUM, BIG, 0),
        (f"{BIG}::DECIMAL(38,0)", Kind.MAXIMUM, BIG - 1, 1),
        ("0.07::DECIMAL(15,2)", Kind.MINIMUM, 0.07, 0),
        ("0.07::DECIMAL(15,2)", Kind.MINIMUM, 0.075, 1),
        ("12345678901234567.89::DECIMAL(19,2)", Kind.MAXIMUM, 12345678901234567, 1),
        ("1.5::DECIMAL(4,2)", Kind.MAXIMUM, 100000, 0),
        ("0.1::DOUBLE", Kind.MINIMUM, 0.1, 0),
        ("0.1::FLOAT", Kind.MAXIMUM, 0.1, 0),
        ("0.1::FLOAT", Kind.MINIMUM, 0.1, 0),
        ("0.1::FLOAT", Kind.MINIMUM, 0.11, 1),
        ("0.1::FLOAT", Kind.MAXIMUM, 1e308, 0),
        ("'inf'::FLOAT", Kind.MAXIMUM, 1e308, 1),
        ("'inf'::DOUBLE", Kind.MAXIMUM, 1e308, 1),
        ("'nan'::DOUBLE", Kind.MAXIMUM, 1, 0),
        ("DATE '2026-01-31'", Kind.MINIMUM, "2026-02-01", 1),
        ("DATE '2026-01-31'", Kind.MAXIMUM, "2026-01-31", 0),
        ("TIMESTAMP '2026-01-31 10:00'", Kind.MAXIMUM, "2026-01-31T09:59:59Z", 1),
        ("TIMESTAMP '2026-01-31 10:00'", Kind.MAXIMUM, "2026-01-31T12:00:00+02:00", 0),
        ("TIMESTAMPTZ '2026-01-31 10:00Z'", Kind.MINIMUM, "2026-01-31T10:00:00", 0),
        ("TIMESTAMPTZ '2026-01-31 10:00Z'", Kind.MINIMUM, "2026-01-31T10:00:01", 1),
        ("TIME '10:00'", Kind.MINIMUM, "10:01", 1),
        ("'b'", Kind.MINIMUM, "a", 0),
    ],
)
def test_bounds_compare_exactly(tmp_path, cell, kind, value, failed):
    location = parquet(tmp_path, f"SELECT {cell} AS x UNION ALL SELECT NULL")

    finding = one(location, schema("orders", column("x")), clause(kind, "x", value=value))

    assert finding.outcome is (Outcome.FAILED if failed else Outcome.PASSED), finding
    assert (finding.rows, finding.failed_rows) == (2, failed)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("'b'", 1),
        ("5", "many"),
        ("5", True),
        ("5.5::DOUBLE", "1e999999"),
        ("DATE '2026-01-31'", 5),
        ("DATE '2026-01-31'", "soon"),
        ("TIME '10:00'", "soon"),
        ("[1]", "x"),
        ("5.5::DECIMAL(3,1)", "inf"),
        ("5.5::DECIMAL(3,1)", 1e60),
    ],
)
def test_a_bound_that_cannot_be_compared_is_errored_and_the_others_are_judged(
    tmp_path, cell, value
):
    location = parquet(tmp_path, f"SELECT {cell} AS x")
    asked = [clause(Kind.MINIMUM, "x", value=value), clause(Kind.REQUIRED, "x")]

    bad, good = judged(location, [schema("orders", column("x"))], asked).values()

    assert bad.outcome is Outcome.ERRORED
    assert "cannot be compared with a column of type" in bad.reason
    assert good.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("cell", "values", "failed"),
    [
        ("1", [1, 2], 0),
        ("1", ["1"], 0),
        ("1", ["one", 2.5, True], 1),
        ("1", [], 1),
        ("true", [True], 0),
        ("true", [False], 1),
        ("'1'", [1], 0),
        ("'true'", [True], 0),
        ("1.10::DECIMAL(5,2)", [1.1], 0),
        ("1.10::DECIMAL(5,2)", [1.101], 1),
        (f"{BIG}::DECIMAL(38,0)", [BIG], 0),
        (f"{BIG}::DECIMAL(38,0)", [BIG + 1], 1),
        ("DATE '2026-01-31'", ["2026-01-31", "never"], 0),
        ("TIMESTAMP '2026-01-31 10:00'", ["2026-01-31 10:00:00"], 0),
    ],
)
def test_listed_values_compare_exactly(tmp_path, cell, values, failed):
    location = parquet(tmp_path, f"SELECT {cell} AS x UNION ALL SELECT NULL")

    finding = one(location, schema("orders", column("x")), clause(Kind.ENUM, "x", values=values))

    assert finding.failed_rows == failed, finding


def test_a_long_list_of_values_is_cut_in_the_reason(tmp_path):
    asked = clause(Kind.ENUM, "x", values=list(range(2, 20)))

    finding = one(parquet(tmp_path, "SELECT 1 AS x"), schema("orders", column("x")), asked)

    assert finding.reason == (
        "1 of 1 row holds a value other than 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more"
    )


def test_values_that_are_no_list_are_errored(tmp_path):
    asked = clause(Kind.ENUM, "x", values="abc")

    finding = one(parquet(tmp_path, "SELECT 1 AS x"), schema("orders", column("x")), asked)

    assert (finding.outcome, finding.reason) == (
        Outcome.ERRORED,
        "needs a list of values, not 'abc'",
    )


def test_one_rule_that_raises_errs_itself_alone(tmp_path):
    select = "SELECT '1'::VARCHAR AS x, 12345678901234567890123456789012345678::DECIMAL(38,0) AS y"
    table = schema("orders", column("x"), column("y"))
    asked = [
        clause(Kind.ENUM, "y", values=[0.5]),
        clause(Kind.MINIMUM, "x", value="0"),
        clause(Kind.REQUIRED, "x"),
        clause(Kind.UNIQUE, "y"),
    ]

    findings = list(judged(parquet(tmp_path, select), [table], asked).values())

    assert [each.outcome.value for each in findings] == ["failed", "passed", "passed", "passed"]


def wide(names) -> list[Clause]:
    """Six row rules and a key on each of some columns."""
    kinds: list[tuple[Kind, dict[str, Any]]] = [
        (Kind.REQUIRED, {}),
        (Kind.MINIMUM, {"value": 0}),
        (Kind.EXCLUSIVE_MAXIMUM, {"value": 100}),
        (Kind.ENUM, {"values": [1, 2, 3]}),
        (Kind.TYPE, {"logical_type": "integer"}),
        (Kind.UNIQUE, {}),
    ]
    return [clause(kind, name, **facts) for name in names for kind, facts in kinds]


@pytest.mark.parametrize("columns", [1, 10, 30])
def test_the_number_of_statements_does_not_grow_with_the_rules(tmp_path, monkeypatch, columns):
    names = [f"c{number}" for number in range(columns)]
    table = schema("orders", *(column(name, "integer") for name in names))
    location = csv(tmp_path, f"{','.join(names)}\n{','.join('2' for _ in names)}\n")
    statements = overhear(monkeypatch)

    judged(location, [table], wide(names))

    assert len(about_data(statements)) == 2  # rows, and keys


@pytest.mark.parametrize("columns", [1, 10, 30])
def test_rows_behind_failures_are_one_statement_more(tmp_path, monkeypatch, columns):
    names = [f"c{number}" for number in range(columns)]
    table = schema("orders", *(column(name, "integer") for name in names))
    rows = "".join(f"{','.join(cell for _ in names)}\n" for cell in ["-1", "-1", "", "200", "x"])
    location = csv(tmp_path, f"{','.join(names)}\n{rows}")
    statements = overhear(monkeypatch)

    findings = judged(location, [table], wide(names))

    assert {each.outcome for each in findings.values()} == {Outcome.FAILED}
    assert all(each.evidence for each in findings.values())
    assert len(about_data(statements)) == 3


def test_unfused_each_rule_is_a_statement(tmp_path, monkeypatch):
    statements = overhear(monkeypatch)
    table = schema("orders", column("a", "integer"))
    asked = [clause(Kind.REQUIRED, "a"), clause(Kind.ENUM, "a", values=[1])]

    judged(csv(tmp_path, "a\n1\n"), [table], asked, replace(LIMITS, fused=False))

    assert len(about_data(statements)) == 3  # with the count of rows


def test_the_stock_schema_of_pandera_is_left_as_it_is(tmp_path):
    table = ibis.table({"a": "int64"}, name="t")
    with closing(LockedSession([tmp_path], LIMITS)) as session:
        ours = CountingSchema(
            {}, name="t", tally=Tally(session, Relation(schema="main", name="t"), beside={})
        )

        assert isinstance(ours.get_backend(table), CountingBackend)
        assert not isinstance(pa.DataFrameSchema({}).get_backend(table), CountingBackend)
