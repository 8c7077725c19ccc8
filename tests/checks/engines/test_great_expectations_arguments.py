"""Arguments that Great Expectations takes for others, holds against others, or passes over."""

from dataclasses import replace

import pytest

from checks.engines.great_expectations.engine import judge
from checks.model import Outcome
from tests.checks.build import column, parquet, schema
from tests.checks.engines.opened import opener
from tests.checks.engines.test_great_expectations_agreement import expect, sql
from tests.checks.engines.test_great_expectations_bounds import BOTH, legacy

ROWS = (
    "SELECT * FROM (VALUES "
    "(1, 1.10::DECIMAL(10, 2), 'a', DATE '2024-01-01', TIMESTAMP '2024-01-01 10:00:00'), "
    "(2, 2.20, '2024-02-30', DATE '2024-01-02', TIMESTAMP '2024-01-02 10:00:00'), "
    "(3, 3.30, '2024-01-01', DATE '2024-01-03', TIMESTAMP '2024-01-03 10:00:00'), "
    "(4, NULL, NULL, NULL, NULL)) t(id, price, x, day, moment)"
)
TABLE = schema(
    "orders",
    column("id", "integer"),
    column("price", "number"),
    column("x", "string"),
    column("day", "date"),
    column("moment", "timestamp"),
)
COMMONEST = "expect_column_most_common_value_to_be_in_set"
QUANTILES = "expect_column_quantile_values_to_be_between"
MEDIAN = "expect_column_median_to_be_between"


@pytest.fixture
def opened():
    yield from opener()


@pytest.fixture
def judged(opened, tmp_path):
    def outcomes(*asked, fused=True):
        dataset, _ = opened(parquet(tmp_path, ROWS), TABLE, fused=fused)
        findings = judge(dataset, asked)
        return [findings[each.key].outcome.value for each in asked]

    return outcomes


def quantiles(share, value):
    ranges = {"quantiles": [share], "value_ranges": [[value, value]]}
    return expect(QUANTILES, "id", key=f"/{share}", quantile_ranges=ranges)


@BOTH
def test_rules_about_other_quantiles_of_a_column_have_values_of_their_own(judged, fused):
    asked = [quantiles(0.01, 1), quantiles(0.99, 1), quantiles(1.0, 4)]

    assert judged(*asked, fused=fused) == ["passed", "failed", "passed"]


@BOTH
def test_a_quantile_without_a_range_is_not_passed_over(opened, tmp_path, fused):
    dataset, _ = opened(parquet(tmp_path, ROWS), TABLE, fused=fused)
    ranges = {"quantiles": [0.5, 0.9], "value_ranges": [[2, 3]]}

    (finding,) = judge(dataset, [expect(QUANTILES, "id", quantile_ranges=ranges)]).values()

    assert finding.outcome is Outcome.ERRORED
    assert finding.reason == (
        "quantile_ranges: 2 quantiles and 1 value_ranges; each quantile needs its range"
    )


@BOTH
@pytest.mark.parametrize(
    ("bounds", "outcome"),
    [
        ({"min_value": 2.2, "max_value": 2.2}, "passed"),
        ({"max_value": 2.2, "strict_max": True}, "failed"),
        ({"min_value": 2.2, "strict_min": True}, "failed"),
    ],
)
def test_a_decimal_median_is_held_against_the_digits_of_a_bound(judged, bounds, outcome, fused):
    assert judged(expect(MEDIAN, "price", **bounds), fused=fused) == [outcome]


@legacy
@BOTH
@pytest.mark.parametrize(
    "asked",
    [
        expect(MEDIAN, "id", min_value=3.5, max_value=3.5),
        expect(COMMONEST, "x", value_set=["2024-01-01"]),
        expect("expect_column_distinct_values_to_equal_set", "price", value_set=[3.3]),
        expect(QUANTILES, "id", quantile_ranges={"quantiles": [0.5], "value_ranges": [[3, 3]]}),
    ],
    ids=["median", "commonest", "distinct", "quantile"],
)
def test_a_figure_of_some_rows_can_be_told(opened, tmp_path, asked, fused):
    dataset, _ = opened(parquet(tmp_path, ROWS), TABLE, fused=fused)
    some = {"row_condition": 'col("id") > 2', "condition_parser": "great_expectations"}
    kwargs = {**asked.arguments["kwargs"], **some}

    (finding,) = judge(dataset, [expect(asked.arguments["type"], asked.column, **kwargs)]).values()

    assert (finding.outcome, finding.reason) == (Outcome.PASSED, "")


@BOTH
@pytest.mark.parametrize(
    ("name", "stated", "outcome"),
    [
        ("price", [1.1], "passed"),
        ("price", [9.9], "failed"),
        ("day", ["2024-01-01"], "passed"),
        ("day", ["2024-01-09", "no date"], "failed"),
        ("moment", ["2024-01-01 10:00:00"], "passed"),
        ("x", ["2024-01-01"], "passed"),
        ("id", [1], "passed"),
    ],
)
def test_the_most_common_values_are_held_against_what_was_written(
    judged, name, stated, outcome, fused
):
    asked = expect(COMMONEST, name, value_set=stated, ties_okay=True)

    assert judged(asked, fused=fused) == [outcome]


@BOTH
def test_more_of_the_most_common_values_than_are_fetched_is_told(opened, tmp_path, fused):
    rows = "SELECT i AS id FROM range(3000) t(i)"
    dataset, statements = opened(
        parquet(tmp_path, rows), schema("orders", column("id", "integer")), fused=fused
    )

    (finding,) = judge(dataset, [expect(COMMONEST, "id", value_set=[1], ties_okay=True)]).values()

    assert finding.outcome is Outcome.ERRORED
    assert finding.reason == "more than 1,000 values occur most often, all alike"
    assert len([each for each in statements if "counted" in each]) == 2 - (not fused)


@BOTH
@pytest.mark.parametrize(
    ("name", "stated", "outcome"),
    [
        ("to_be_in_set", [1, None], "failed"),
        ("to_be_in_set", [1, 2, 3, 4, None], "passed"),
        ("to_contain_set", [1, None, 1], "passed"),
        ("to_equal_set", [1, 1, 2, 3, 4, None], "passed"),
        ("to_equal_set", [1, None], "failed"),
    ],
)
def test_null_and_repetitions_in_a_set_change_nothing(judged, name, stated, outcome, fused):
    asked = expect(f"expect_column_distinct_values_{name}", "id", value_set=stated)

    assert judged(asked, fused=fused) == [outcome]


@pytest.mark.parametrize(
    ("name", "stated", "outcome"),
    [
        ("to_equal_set", ["a", "2024-02-30", "2024-01-01"], "passed"),
        ("to_be_in_set", ["a", "2024-01-01"], "failed"),
        ("to_contain_set", ["2024-01-01"], "passed"),
    ],
)
def test_texts_that_look_like_dates_are_texts_beside_a_column_of_texts(
    judged, name, stated, outcome
):
    asked = expect(f"expect_column_distinct_values_{name}", "x", value_set=stated)

    assert judged(asked) == [outcome]


@BOTH
def test_values_of_a_column_are_not_fetched_to_tell_which_are_missing(opened, tmp_path, fused):
    dataset, statements = opened(parquet(tmp_path, ROWS), TABLE, fused=fused)
    asked = expect("expect_column_distinct_values_to_equal_set", "id", value_set=[1, 9])

    (finding,) = judge(dataset, [asked]).values()

    assert finding.outcome is Outcome.FAILED
    assert not [each for each in statements if each.endswith("IS NOT NULL") and "DISTINCT" in each]


@BOTH
@pytest.mark.parametrize(
    "query", ["SELECT id FROM {table}", "SELECT id, x FROM {table} LIMIT 1", "SELECT 1 LIMIT 0"]
)
def test_a_query_whose_answer_cannot_be_used_is_asked_once(opened, tmp_path, query, fused):
    dataset, statements = opened(parquet(tmp_path, ROWS), TABLE, fused=fused)

    (finding,) = judge(dataset, [sql(query, "/sql")]).values()

    assert finding.outcome is Outcome.ERRORED
    assert len(statements) == 1


@BOTH
def test_a_bound_that_is_no_number_is_refused(opened, tmp_path, fused):
    dataset, _ = opened(parquet(tmp_path, ROWS), TABLE, fused=fused)
    asked = expect("expect_column_values_to_be_between", "id", max_value=float("nan"))

    (finding,) = judge(dataset, [asked]).values()

    assert finding.outcome is Outcome.ERRORED
    assert finding.reason == "NaN is no number to hold anything against: state one"


@BOTH
@pytest.mark.parametrize("sensitive", [(), ("x",)])
def test_what_no_database_judges_says_what_to_do(opened, tmp_path, sensitive, fused):
    dataset, _ = opened(parquet(tmp_path, ROWS), TABLE, fused=fused)
    asked = expect("expect_column_values_to_be_increasing", "id")
    hidden = replace(asked, sensitive_columns=sensitive)

    (finding,) = judge(dataset, [hidden]).values()

    assert finding.outcome is Outcome.ERRORED
    assert finding.reason.endswith("write it as a SQL rule, or another expectation")
