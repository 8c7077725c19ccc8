"""Traps of the engines that cost days once; each test is named after one."""

import ibis
import pandas as pd
import pandera.ibis as pa
import pytest
from pandera.errors import SchemaErrors

from checks.model import Outcome
from contracts.clause import Kind
from tests.checks.build import clause, column, judged, one, parquet, schema

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # pandera's own


def shipped(cells: pd.DataFrame, check: pa.Check) -> int | None:
    """How many cells of column x the shipped backend of Pandera shows as failing; None: passed."""
    stock = pa.DataFrameSchema({"x": pa.Column(checks=check, nullable=True)})
    try:
        stock.validate(ibis.memtable(cells), lazy=True)
    except SchemaErrors as errors:
        return len(errors.failure_cases)
    return None


def test_pandera_caps_what_it_counts_at_the_number_of_cases_it_shows(tmp_path):
    capped = shipped(pd.DataFrame({"x": range(50)}), pa.Check.lt(0, n_failure_cases=3))
    finding = one(
        parquet(tmp_path, "SELECT i AS x FROM range(50) t(i)"),
        schema("orders", column("x", "integer")),
        clause(Kind.EXCLUSIVE_MAXIMUM, "x", value=0),
    )

    assert capped == 3
    assert (finding.failed_rows, len(finding.evidence.rows if finding.evidence else ())) == (50, 20)


def test_pandera_as_shipped_fails_every_rule_of_an_empty_table(tmp_path):
    empty = pd.DataFrame({"x": pd.Series([], dtype="int64")})
    finding = one(
        parquet(tmp_path, "SELECT 1 AS x WHERE false"),
        schema("orders", column("x", "integer")),
        clause(Kind.MINIMUM, "x", value=0),
    )

    assert shipped(empty, pa.Check.ge(0)) is not None
    assert (finding.outcome, finding.failed_rows) == (Outcome.PASSED, 0)


@pytest.mark.parametrize(
    ("kind", "check", "value"),
    [
        (Kind.MINIMUM, pa.Check.ge(2), 2),
        (Kind.MAXIMUM, pa.Check.le(2), 2),
        (Kind.EXCLUSIVE_MINIMUM, pa.Check.gt(2), 2),
        (Kind.EXCLUSIVE_MAXIMUM, pa.Check.lt(2), 2),
    ],
)
def test_fused_and_shipped_count_the_same_on_a_table_with_rows(tmp_path, kind, check, value):
    stock = shipped(pd.DataFrame({"x": [1, 2, 3, 4, None]}), check)
    finding = one(
        parquet(tmp_path, "SELECT unnest([1, 2, 3, 4, NULL]) AS x"),
        schema("orders", column("x", "integer")),
        clause(kind, "x", value=value),
    )

    assert finding.failed_rows == stock


def test_pandera_takes_a_column_name_like_a_pattern_for_one(tmp_path):
    table = schema("orders", column("^x$", "integer"), column("x", "integer"))
    asked = [clause(Kind.MAXIMUM, name, value=1) for name in ("^x$", "x")]

    found = judged(parquet(tmp_path, 'SELECT 5 AS "^x$", 1 AS x'), [table], asked)

    assert [each.outcome for each in found.values()] == [Outcome.FAILED, Outcome.PASSED]


def test_a_missing_column_is_told_by_its_own_clause_alone(tmp_path):
    asked = [
        clause(Kind.COLUMN_PRESENT, "gone"),
        clause(Kind.MINIMUM, "gone", value=1),
        clause(Kind.NULL_VALUES, "gone", operator="mustBe", value=0),
        clause(Kind.MINIMUM, "x", value=1),
    ]
    table = schema("orders", column("gone"), column("x"))

    found = judged(parquet(tmp_path, "SELECT 1 AS x"), [table], asked)

    assert [each.outcome.value for each in found.values()] == [
        "failed",
        "skipped",
        "skipped",
        "passed",
    ]


def test_nan_is_missing_and_neither_large_nor_repeated(tmp_path):
    asked = [
        clause(Kind.MAXIMUM, "x", value=10),
        clause(Kind.REQUIRED, "x"),
        clause(Kind.UNIQUE, "x"),
        clause(Kind.DUPLICATE_VALUES, "x", operator="mustBe", value=0),
    ]
    select = "SELECT unnest(['nan'::DOUBLE, 'nan'::DOUBLE, 1, 'inf'::DOUBLE]) AS x"

    found = judged(parquet(tmp_path, select), [schema("orders", column("x", "number"))], asked)

    assert [each.failed_rows for each in found.values()] == [1, 2, 0, 0]


def test_a_naive_bound_holds_against_moments_with_a_zone_as_one_in_utc(tmp_path):
    asked = clause(Kind.MAXIMUM, "x", value="2026-01-01T12:00:00", keys=["x"])
    select = "SELECT unnest(['2026-01-01 13:00:00+01'::TIMESTAMPTZ, '2026-01-01 13:00:01+01']) AS x"

    finding = one(parquet(tmp_path, select), schema("orders", column("x", "timestamp")), asked)

    assert finding.failed_rows == 1
    assert finding.evidence
    assert finding.evidence.rows == (("2026-01-01T12:00:01+00:00",),)


def test_a_pattern_that_python_refuses_and_re2_knows_is_judged(tmp_path):
    asked = [clause(Kind.PATTERN, "x", value=value, key=value) for value in (r"\pL", "(?i)A", "a")]

    found = judged(
        parquet(tmp_path, "SELECT 'a' AS x"), [schema("orders", column("x", "string"))], asked
    )

    assert {each.outcome for each in found.values()} == {Outcome.PASSED}


def test_a_line_end_after_the_text_is_a_part_of_it(tmp_path):
    asked = clause(Kind.PATTERN, "x", value="^abc$")

    finding = one(
        parquet(tmp_path, "SELECT unnest([E'abc\\n', 'abc']) AS x"),
        schema("orders", column("x", "string")),
        asked,
    )

    assert finding.failed_rows == 1
