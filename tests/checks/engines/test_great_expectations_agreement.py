"""Rules say the same together, in one statement, as each does alone."""

from dataclasses import replace

import pytest

from checks.engines.great_expectations.engine import judge
from contracts.clause import Kind
from tests.checks.build import clause, column, csv, parquet, schema
from tests.checks.engines.opened import opener

TABLE = schema("orders", column("id", "integer"), column("v", "number"), column("x", "string"))
ROWS = (
    "SELECT * FROM (VALUES (1, 1.5::DOUBLE, 'a'), (2, NULL, 'b'), (2, 70.0, 'c'), (4, 4.0, 'd')) "
    "t(id, v, x)"
)
TABLES = {
    "mixed": ROWS,
    "empty": "SELECT 1::INTEGER AS id, 1.5::DOUBLE AS v, 'a' AS x WHERE false",
    "one row": "SELECT 2::INTEGER AS id, 2.0::DOUBLE AS v, 'b' AS x",
    "one null": "SELECT NULL::INTEGER AS id, NULL::DOUBLE AS v, NULL::VARCHAR AS x",
    "nulls": "SELECT NULL::INTEGER AS id, NULL::DOUBLE AS v, NULL::VARCHAR AS x FROM range(3)",
    "equal": "SELECT 1::INTEGER AS id, 1.0::DOUBLE AS v, 'a' AS x FROM range(3)",
    "half": "SELECT i % 3 AS id, nullif(i % 4, 1)::DOUBLE AS v, 'x' || (i % 5) AS x "
    "FROM range(12) t(i)",
}


@pytest.fixture
def opened():
    yield from opener()


def expect(name, column=None, /, *, key=None, **kwargs):
    return clause(Kind.EXPECTATION, column, key=key or f"/{name}", type=name, kwargs=kwargs)


def sql(query, key, **facts):
    return clause(Kind.SQL, key=key, query=query, operator="mustBe", value=0, **facts)


COUNTED = [
    clause(Kind.ROW_COUNT, operator="mustBe", value=4),
    clause(Kind.NULL_VALUES, "v", operator="mustBe", value=0),
    clause(Kind.NULL_VALUES, "x", key="/x", operator="mustBeLessThan", value=20, unit="percent"),
    clause(Kind.DUPLICATE_VALUES, "id", operator="mustBe", value=0),
    clause(
        Kind.DUPLICATE_VALUES,
        key="/tuple",
        columns=["id", "x"],
        operator="mustBeLessThan",
        value=50,
        unit="percent",
    ),
    sql("SELECT count(*) FROM {table} o WHERE o.v > 3", "/where"),
    sql("SELECT sum(v) FROM {table} WHERE x <> 'a'", "/sum"),
    sql("SELECT count(DISTINCT x) FILTER (WHERE id > 1) FROM {table} WHERE v < 5", "/filter"),
    sql("SELECT count(*) FROM (SELECT DISTINCT id FROM {table}) t", "/inner"),
]
ABOUT_CELLS = [
    expect("expect_column_values_to_be_between", "v", min_value=2),
    expect("expect_column_values_to_be_between", "id", key="/soft", max_value=2, mostly=0.5),
    expect("expect_column_values_to_be_in_set", "x", value_set=["a", "b"]),
    expect("expect_column_values_to_not_be_null", "v"),
    expect("expect_column_values_to_be_null", "x"),
    expect("expect_column_values_to_match_regex", "x", regex="^[ab:y%]$"),
    expect("expect_column_values_to_match_like_pattern", "x", like_pattern="a%"),
    expect("expect_column_value_lengths_to_equal", "x", value=1),
    expect("expect_column_values_to_be_unique", "id"),
    expect("expect_column_pair_values_a_to_be_greater_than_b", column_A="id", column_B="v"),
    expect(
        "expect_column_pair_values_to_be_equal",
        column_A="id",
        column_B="v",
        ignore_row_if="either_value_is_missing",
    ),
    expect(
        "expect_column_pair_values_to_be_in_set",
        column_A="id",
        column_B="x",
        value_pairs_set=[[1, "a"]],
    ),
    expect("expect_compound_columns_to_be_unique", column_list=["id", "v"]),
    expect("expect_multicolumn_sum_to_equal", column_list=["id", "v"], sum_total=8),
    expect("expect_multicolumn_values_to_be_equal", column_list=["id", "v"]),
    expect("expect_select_column_values_to_be_unique_within_record", column_list=["id", "v"]),
]
ABOUT_COLUMNS = [
    expect("expect_column_max_to_be_between", "v", max_value=4),
    expect("expect_column_min_to_be_between", "x", min_value="b"),
    expect("expect_column_mean_to_be_between", "v", max_value=4),
    expect("expect_column_sum_to_be_between", "id", max_value=4),
    expect("expect_column_unique_value_count_to_be_between", "x", max_value=2),
    expect("expect_column_proportion_of_unique_values_to_be_between", "x", max_value=0.5),
    expect("expect_column_proportion_of_non_null_values_to_be_between", "x", max_value=0.5),
    expect("expect_column_distinct_values_to_be_in_set", "x", value_set=["a"]),
    expect("expect_column_distinct_values_to_contain_set", "x", value_set=["a", "z"]),
    expect("expect_column_distinct_values_to_equal_set", "x", value_set=["a"]),
    expect("expect_table_column_count_to_equal", value=3),
    expect("expect_table_columns_to_match_ordered_list", column_list=["id", "v", "x"]),
    expect("expect_table_row_count_to_equal_other_table", other_table_name="orders"),
    expect("expect_column_to_exist", "x"),
]
OWN_STATEMENTS = [
    expect("expect_column_stdev_to_be_between", "v", max_value=4),
    expect("expect_column_median_to_be_between", "v", max_value=3),
    expect(
        "expect_column_quantile_values_to_be_between",
        "v",
        quantile_ranges={"quantiles": [0.25, 0.5], "value_ranges": [[1, 2], [1, 2]]},
    ),
    expect("expect_column_most_common_value_to_be_in_set", "x", value_set=["a"]),
    expect("expect_column_value_z_scores_to_be_less_than", "v", threshold=1, double_sided=True),
    expect("UnexpectedRowsExpectation", unexpected_rows_query="SELECT * FROM {batch} WHERE v > 5"),
]
EVERY = [*COUNTED, *ABOUT_CELLS, *ABOUT_COLUMNS, *OWN_STATEMENTS]


def told(opened, location, asked, *tables, fused):
    dataset, _ = opened(location, *tables or [TABLE], fused=fused)
    findings = judge(dataset, asked)
    return {key: replace(finding, evidence=None) for key, finding in findings.items()}


@pytest.mark.parametrize("rows", TABLES.values(), ids=TABLES)
def test_together_and_alone_rules_say_the_same(opened, tmp_path, rows):
    location = parquet(tmp_path, rows)

    together = told(opened, location, EVERY, fused=True)

    assert together == told(opened, location, EVERY, fused=False)
    assert set(together) == {each.key for each in EVERY}


def test_together_and_alone_rules_say_the_same_of_csv(opened, tmp_path):
    location = csv(tmp_path, 'id,v,x\n1,1.5,a\n2,,b\n2,no,""\nx,NaN,d\n')

    assert told(opened, location, EVERY, fused=True) == told(opened, location, EVERY, fused=False)
