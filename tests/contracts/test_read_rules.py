import pytest

from contracts.model import Threshold
from contracts.parse import parse
from contracts.read_rules import expectation
from contracts.values import Dimension, Severity
from tests.contracts.documents import problems, with_column, with_rules

COUNT = {"id": "count", "metric": "rowCount"}
NULLS = {"id": "nulls", "metric": "nullValues", "mustBe": 0}


def test_a_rule_keeps_what_the_document_says():
    rule = {**COUNT, "mustBe": 5, "name": "n", "description": "d", "severity": "warn"}

    read = parse(with_rules({**rule, "dimension": "coverage"})).schemas[0].quality[0]

    assert (read.type, read.metric, read.id, read.name) == ("library", "rowCount", "count", "n")
    assert read.threshold == Threshold(operator="mustBe", value=5)
    assert (read.severity, read.dimension) == (Severity.LOW, Dimension.COVERAGE)
    assert (read.description, read.pointer, read.misfit) == ("d", "/schema/0/quality/0", "")


@pytest.mark.parametrize(
    ("unit", "read"), [("rows", "rows"), ("%", "percent"), ("Percent", "percent"), ("", "rows")]
)
def test_units(unit, read):
    rule = parse(with_column(rules=[{**NULLS, "unit": unit}])).schemas[0].columns[0].quality[0]

    assert rule.threshold is not None
    assert rule.threshold.unit == read


def test_a_range_has_two_ends():
    rule = parse(with_rules({**COUNT, "mustBeBetween": [1, 9]})).schemas[0].quality[0]

    assert rule.threshold == Threshold(operator="mustBeBetween", value=(1, 9))


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({}, "missing-key"),
        ({"mustBe": 1, "mustBeLessThan": 2}, "several-forms"),
        ({"mustBe": "five"}, "wrong-type"),
        ({"mustBe": [1]}, "wrong-type"),
        ({"mustBeBetween": [9, 1]}, "empty-range"),
        ({"mustBeBetween": "x"}, "wrong-type"),
    ],
)
def test_a_counted_rule_needs_one_clear_comparison(members, code):
    assert [found[0] for found in problems(with_rules({**COUNT, **members}))] == [code]


def test_a_query_may_be_compared_with_text():
    rule = {"id": "q", "type": "sql", "query": "SELECT 1", "mustBe": "x"}

    assert problems(with_rules(rule)) == []


def test_a_rule_without_id_or_name_is_warned_of():
    named = {"metric": "rowCount", "mustBe": 1, "name": "n"}
    nameless = {"metric": "rowCount", "mustBe": 2}

    assert problems(with_rules(named, nameless)) == [("rule-without-id", "/schema/0/quality/1")]


def test_two_rules_of_one_place_share_no_id():
    data = with_rules({**COUNT, "mustBe": 1}, {**COUNT, "mustBe": 2})

    assert problems(data) == [("duplicate-id", "/schema/0/quality/1/id")]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({**NULLS}, "nullValues belongs on a column"),
        (
            {"id": "d", "metric": "duplicateValues", "mustBe": 0},
            "duplicateValues of an object needs arguments.properties",
        ),
        ({**COUNT, "mustBe": 0, "unit": "litres"}, "unit 'litres' is neither rows nor percent"),
        ({"id": "q", "type": "sql", "query": " ", "mustBe": 0}, "the query is empty"),
        (
            {"id": "e", "type": "custom", "engine": "greatExpectations", "implementation": {}},
            "no expectation 'type' is named",
        ),
    ],
)
def test_a_rule_that_can_never_be_judged_is_warned_of(rule, reason):
    data = with_rules(rule)

    assert problems(data) == [("rule-cannot-run", "/schema/0/quality/0")]
    assert parse(data).schemas[0].quality[0].misfit == reason


def test_a_row_count_belongs_on_an_object():
    data = with_column(rules=[{**COUNT, "mustBe": 1}])

    assert [code for code, _ in problems(data)] == ["rule-cannot-run"]


def test_an_unknown_metric_is_refused_with_the_close_one():
    found = problems(with_rules({"id": "x", "metric": "rowCnt", "mustBe": 1}))

    assert ("unknown-value", "/schema/0/quality/0/metric") in found


def test_words_alone_are_a_promise_for_people():
    assert (
        parse(with_rules({"id": "w", "description": "good"})).schemas[0].quality[0].type == "text"
    )


@pytest.mark.parametrize(
    ("implementation", "read"),
    [
        ({"type": "expect_x", "kwargs": {"a": 1}}, ("expect_x", {"a": 1})),
        ({"expectation_type": "ExpectColumnToExist"}, ("expect_column_to_exist", {})),
        ("type: expect_x\nkwargs:\n  a: 1", ("expect_x", {"a": 1})),
        ('{"type": "expect_x", "kwargs": 5}', ("expect_x", {})),
        ("type: &a x\nkwargs: *a", None),
        ("- x", None),
        ("type: [", None),
        ({"type": 5}, None),
        (5, None),
    ],
)
def test_an_expectation_in_any_form(implementation, read):
    assert expectation(implementation) == read
