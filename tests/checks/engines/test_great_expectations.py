import pytest

from checks.location import Limits
from checks.model import Outcome
from contracts.clause import Kind
from tests.checks.build import clause, column, csv, judged, one, parquet, schema

ROWS = (
    "SELECT * FROM (VALUES (1, 1.5::DOUBLE, 'a'), (2, NULL, 'b'), (2, 70.0, 'c'), (4, 4.0, 'd')) "
    "t(id, v, x)"
)
TABLE = schema("orders", column("id", "integer"), column("v", "number"), column("x", "string"))


TOGETHER_AND_ALONE = [Limits(fused=True), Limits(fused=False)]


def ask(folder, asked, limits=TOGETHER_AND_ALONE[0]):
    return one(parquet(folder, ROWS), TABLE, asked, limits)


def expect(name, column=None, /, **kwargs):
    return clause(Kind.EXPECTATION, column, type=name, kwargs=kwargs)


def sql(query, operator="mustBe", value=0, column=None, **facts):
    return clause(Kind.SQL, column, query=query, operator=operator, value=value, **facts)


@pytest.mark.parametrize("limits", TOGETHER_AND_ALONE, ids=["together", "alone"])
@pytest.mark.parametrize(
    ("asked", "outcome", "reason"),
    [
        (expect("expect_column_values_to_be_between", column="v", min_value=1), "passed", ""),
        (expect("ExpectColumnValuesToBeBetween", "v", min_value=1), "passed", ""),
        (
            expect("ExpectColumnValuesToBeBetween", "v", min_value=2),
            "failed",
            "1 of 4 rows breaks “expect column values to be between”",
        ),
        (
            expect("expect_column_mean_to_be_between", "v", max_value=1),
            "failed",
            "does not hold: expect column mean to be between: observed 25.166666666666668",
        ),
        (expect("expect_column_values_to_match_regex", "x", regex="[abcd]"), "passed", ""),
        (
            expect("expect_column_values_to_match_regex", "x", regex="^[ab]$"),
            "failed",
            "2 of 4 rows break “expect column values to match regex”",
        ),
        (expect("expect_table_columns_to_match_set", column_set=["id", "v", "x"]), "passed", ""),
        (expect("expect_table_column_count_to_equal", value=3), "passed", ""),
        (expect("expect_column_values_to_be_unique", "x"), "passed", ""),
        (
            expect("expect_column_distinct_values_to_be_in_set", "x", value_set=list("abcd")),
            "passed",
            "",
        ),
        (expect("expect_compound_columns_to_be_unique", column_list=["id", "x"]), "passed", ""),
        (expect("expect_column_median_to_be_between", "v", min_value=1), "passed", ""),
        (expect("expect_column_stdev_to_be_between", "v", min_value=0), "passed", ""),
        (expect("expect_column_value_lengths_to_equal", "x", value=1), "passed", ""),
        (
            expect(
                "UnexpectedRowsExpectation",
                unexpected_rows_query="SELECT * FROM {batch} WHERE x = ' :y'",
            ),
            "passed",
            "",
        ),
        (
            expect(
                "UnexpectedRowsExpectation",
                unexpected_rows_query="SELECT * FROM {table} WHERE v > 5",
            ),
            "failed",
            "does not hold: unexpected rows expectation: observed 1",
        ),
        (
            expect("expect_table_row_count_to_equal_other_table", other_table_name="orders"),
            "passed",
            "",
        ),
    ],
)
def test_core_expectations_are_judged_by_their_own_name(tmp_path, asked, outcome, reason, limits):
    finding = ask(tmp_path, asked, limits)

    assert (finding.outcome.value, finding.reason) == (outcome, reason)


@pytest.mark.parametrize("limits", TOGETHER_AND_ALONE, ids=["together", "alone"])
@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (expect("expect_the_unexpected"), "no expectation 'expect_the_unexpected'"),
        (expect("expect_query_results_to_match_comparison"), "that looks at one data source"),
        (expect("expect_column_values_to_be_in_set"), "column: field required"),
        (expect("expect_column_to_exist", "x", no_such=1), "no_such: extra fields"),
        (
            expect("expect_column_to_exist", "x", result_format="COMPLETE"),
            "cannot be set by a contract",
        ),
        (
            expect("expect_column_to_exist", "x", catch_exceptions=False),
            "cannot be set by a contract",
        ),
        (expect("expect_column_mean_to_be_between", "x", min_value=1), "Binder Error"),
        (
            expect("expect_table_row_count_to_equal_other_table", other_table_name="other"),
            "no object 'other'",
        ),
        (
            expect("UnexpectedRowsExpectation", unexpected_rows_query="DROP VIEW orders"),
            "query refused: ",
        ),
        (
            clause(Kind.EXPECTATION, type="expect_column_to_exist", kwargs="x"),
            "kwargs must be a mapping",
        ),
        (
            clause(Kind.DUPLICATE_VALUES, operator="mustBe", value=0),
            "needs a column, or a list of columns",
        ),
        (clause(Kind.DUPLICATE_VALUES, "x", value=0), "KeyError: 'operator'"),
        (clause(Kind.NULL_VALUES, "x", operator="mustRhyme", value=0), "no operator 'mustRhyme'"),
        (
            clause(Kind.DUPLICATE_VALUES, "x", operator="mustRhyme", value=0),
            "no operator 'mustRhyme'",
        ),
        (sql("SELECT max(v) FROM {table} WHERE v > 100"), "the query returned NULL, not a number"),
        (sql("SELECT x FROM {table}"), "the query returned more than one row, not one"),
        (sql("SELECT 1, 2"), "the query returned more than one column, not"),
        (sql("SELECT v FROM {table} WHERE v > 100"), "the query returned no row, not one value"),
        (sql("SELECT max(x) FROM {table}"), "the query returned 'd', not a number"),
        (sql("SELECT CAST('inf' AS DOUBLE)"), "the query returned inf, not a number"),
        (sql("SELECT no_such FROM {table}"), "Binder Error"),
        (sql("SELECT CAST(max(x) AS INTEGER) FROM {table}"), "Conversion Error"),
        (
            sql("SELECT count(*) FROM {table} WHERE {column} > 1"),
            "query refused: it holds {column}",
        ),
        (sql("SELECT 1", "mustBe", "one"), "mustBe needs a number"),
    ],
)
def test_what_cannot_be_told_is_errored_alone(tmp_path, asked, reason, limits):
    beside = [
        clause(
            Kind.EXPECTATION,
            "v",
            key="/beside",
            type="expect_column_max_to_be_between",
            kwargs={"max_value": 70},
        ),
        clause(Kind.ROW_COUNT, key="/rows", operator="mustBe", value=4),
        clause(Kind.DUPLICATE_VALUES, "x", key="/values", operator="mustBe", value=0),
    ]

    bad, *good = judged(parquet(tmp_path, ROWS), [TABLE], [asked, *beside], limits).values()

    assert bad.outcome is Outcome.ERRORED
    assert reason in bad.reason
    assert {each.outcome for each in good} == {Outcome.PASSED}


@pytest.mark.parametrize(
    ("asked", "measured", "reason"),
    [
        (
            sql("SELECT count(*) FROM {table} WHERE {column} > 3", column="v"),
            2,
            "the query returned 2, which is not 0",
        ),
        (
            sql("SELECT sum(v)::DECIMAL(10,2) FROM ${object}", "mustBeLessThan", 75),
            75.5,
            "the query returned 75.5, which is not less than 75",
        ),
        (sql("SELECT true", "mustBe", 0), 1, "the query returned 1, which is not 0"),
        (
            clause(Kind.NULL_VALUES, "v", operator="mustBeLessThan", value=20, unit="percent"),
            25.0,
            "1 of 4 rows is null: 25 % is not less than 20 %",
        ),
        (clause(Kind.NULL_VALUES, "v", operator="mustBe", value=0), 1, "1 of 4 rows is null"),
        (
            clause(Kind.DUPLICATE_VALUES, "id", operator="mustBe", value=0),
            1,
            "1 value occurs more than once (2 rows)",
        ),
        (
            clause(
                Kind.DUPLICATE_VALUES, "id", operator="mustBeLessThan", value=10, unit="percent"
            ),
            25.0,
            "1 value occurs more than once (2 rows): 25 % is not less than 10 %",
        ),
        (
            clause(Kind.ROW_COUNT, operator="mustBeBetween", value=[5, 10]),
            4,
            "row count 4 is not between 5 and 10",
        ),
    ],
)
def test_a_broken_threshold_is_told_with_what_was_measured(tmp_path, asked, measured, reason):
    finding = ask(tmp_path, asked)

    assert (finding.outcome, finding.measured, finding.reason) == (
        Outcome.FAILED,
        measured,
        reason,
    )


def test_several_unexpected_values_are_shown_by_column(tmp_path):
    pair = expect("expect_column_pair_values_a_to_be_greater_than_b", column_A="id", column_B="v")

    shown = ask(tmp_path, pair).evidence

    assert shown is not None
    assert (shown.columns, shown.rows) == (("id", "v"), ((1, 1.5), (2, 70), (4, 4)))


def test_unexpected_tuples_are_shown_by_column(tmp_path):
    asked = expect("expect_compound_columns_to_be_unique", column_list=["id", "id"])
    records = expect("expect_multicolumn_sum_to_equal", column_list=["id", "v"], sum_total=8)

    assert ask(tmp_path, asked).outcome is not Outcome.PASSED
    shown = ask(tmp_path, records).evidence

    assert shown is not None
    assert shown.columns == ("id", "v")


def test_two_equal_clauses_have_a_verdict_each(tmp_path):
    asked = [clause(Kind.ROW_COUNT, key=key, operator="mustBe", value=4) for key in ("/1", "/2")]
    asked += [
        clause(Kind.EXPECTATION, "x", key=key, type="expect_column_values_to_be_unique", kwargs={})
        for key in ("/3", "/4")
    ]

    findings = judged(parquet(tmp_path, ROWS), [TABLE], asked)

    assert [each.outcome.value for each in findings.values()] == ["passed"] * 4


def test_a_rule_may_read_another_object(tmp_path):
    parquet(tmp_path, "SELECT 1 AS order_id UNION ALL SELECT 9", "items")
    query = (
        "SELECT count(*) FROM items i LEFT JOIN {object} o ON i.order_id = o.id WHERE o.id IS NULL"
    )
    items = schema("items", column("order_id", "integer"))
    location = parquet(tmp_path, ROWS)
    asked = [sql(query, value=1), clause(Kind.REQUIRED, "order_id", schema="items")]

    findings = judged(location, [TABLE, items], asked)

    assert {each.outcome for each in findings.values()} == {Outcome.PASSED}


def test_a_statement_that_is_stopped_is_not_asked_again(tmp_path):
    location = csv(tmp_path, "id\n1\n")
    endless = (
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r"
    )
    asked = [sql(endless), clause(Kind.ROW_COUNT, key="/rows", operator="mustBe", value=1)]
    table = schema("orders", column("id", "integer"))

    stopped, counted = judged(location, [table], asked, Limits(statement_seconds=0.5)).values()

    assert (stopped.outcome, stopped.reason) == (Outcome.ERRORED, "stopped after 0.5 s")
    assert counted.outcome is Outcome.PASSED
