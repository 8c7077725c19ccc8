import pytest

from contracts.clause import Clause, Kind
from contracts.clauses_quality import Around, quality_clauses
from contracts.model import Rule
from contracts.values import Dimension, EngineName, Severity
from tests.contracts.documents import clauses_of, document, with_column, with_rules

NOT_YET = "not supported yet"


def of_object(**rule) -> Clause:
    return clauses_of(with_rules({"id": "r", **rule}))["/schema/orders/quality/r"]


def of_column(**rule) -> Clause:
    found = clauses_of(with_column(physicalName="AMT", rules=[{"id": "r", **rule}]))
    return found["/schema/orders/properties/amount/quality/r"]


@pytest.mark.parametrize(
    ("metric", "kind", "dimension", "skipped"),
    [
        ("nullValues", Kind.NULL_VALUES, Dimension.COMPLETENESS, ""),
        ("duplicateValues", Kind.DUPLICATE_VALUES, Dimension.UNIQUENESS, ""),
        ("missingValues", Kind.MISSING_VALUES, Dimension.COMPLETENESS, NOT_YET),
        ("invalidValues", Kind.INVALID_VALUES, Dimension.CONFORMITY, NOT_YET),
    ],
)
def test_metrics_of_columns(metric, kind, dimension, skipped):
    clause = of_column(metric=metric, mustBeLessThan=5, unit="percent")

    assert (clause.kind, clause.dimension, clause.skipped) == (kind, dimension, skipped)
    assert clause.engine is EngineName.GREAT_EXPECTATIONS
    assert clause.arguments == {"operator": "mustBeLessThan", "value": 5, "unit": "percent"}
    assert clause.threshold == f"less than 5 % {kind.value.replace('_', ' ')}"
    assert (clause.schema, clause.column) == ("orders", "AMT")


def test_arguments_of_a_metric_are_kept():
    clause = of_column(metric="missingValues", mustBe=0, arguments={"missingValues": ["", "NA"]})

    assert clause.arguments["missingValues"] == ["", "NA"]


def test_a_row_count_has_no_unit():
    clause = of_object(metric="rowCount", mustBeBetween=[1, 9])

    assert clause.arguments == {"operator": "mustBeBetween", "value": [1, 9]}
    assert (clause.threshold, clause.column) == ("between 1 and 9 rows", None)
    assert (clause.dimension, clause.skipped) == (Dimension.COVERAGE, "")


def test_duplicates_of_an_object_are_about_physical_columns():
    rule = {"metric": "duplicateValues", "mustBe": 0, "arguments": {"properties": ["a", "other"]}}
    schema = {
        "name": "orders",
        "properties": [{"name": "a", "physicalName": "A"}],
        "quality": [{"id": "r", **rule}],
    }

    clause = clauses_of(document(schema=[schema]))["/schema/orders/quality/r"]

    assert clause.arguments["columns"] == ["A", "other"]


def test_a_rule_is_carried_onto_its_clause():
    clause = of_object(
        metric="rowCount", mustBe=1, severity="info", dimension="accuracy", description="why"
    )

    assert (clause.severity, clause.dimension) == (Severity.INFO, Dimension.ACCURACY)
    assert (clause.description, clause.pointer) == ("why", "/schema/0/quality/0")
    assert not clause.blocking


def test_a_query_is_judged():
    clause = of_object(type="sql", query="SELECT 1", mustBeGreaterThan=0)

    assert (clause.kind, clause.dimension, clause.skipped) == (Kind.SQL, Dimension.ACCURACY, "")
    assert clause.arguments == {
        "query": "SELECT 1",
        "operator": "mustBeGreaterThan",
        "value": 0,
    }


@pytest.mark.parametrize("value", ["x", True])
def test_a_query_compared_with_something_else_than_a_number_waits(value):
    assert of_object(type="sql", query="SELECT 1", mustBe=value).skipped == NOT_YET


def test_an_expectation_is_judged():
    implementation = {"type": "expect_table_row_count_to_equal", "kwargs": {"value": 5}}

    clause = of_object(type="custom", engine="great-expectations", implementation=implementation)

    assert (clause.kind, clause.skipped, clause.executable) == (Kind.EXPECTATION, "", True)
    assert clause.arguments == implementation
    assert clause.threshold == "table row count to equal (value 5)"


@pytest.mark.parametrize(
    ("name", "kwargs", "read"),
    [
        ("expect_column_values_to_be_unique", {}, {"column": "AMT"}),
        ("expect_column_values_to_be_unique", {"column": "b"}, {"column": "b"}),
        ("expect_column_pair_values_to_be_equal", {}, {}),
        ("expect_table_row_count_to_equal", {"value": 1}, {"value": 1}),
    ],
)
def test_an_expectation_on_a_column_is_about_it(name, kwargs, read):
    implementation = {"type": name, "kwargs": kwargs}

    clause = of_column(type="custom", engine="greatExpectations", implementation=implementation)

    assert clause.arguments == {"type": name, "kwargs": read}


def test_a_pandera_check_waits():
    clause = of_column(type="custom", engine="Pandera", implementation={"check": "in_range"})

    assert (clause.kind, clause.engine) == (Kind.PANDERA_CHECK, EngineName.PANDERA)
    assert (clause.skipped, clause.executable) == (NOT_YET, True)


def test_a_foreign_engine_is_never_judged_here():
    clause = of_object(type="custom", engine="soda", implementation="checks: x")

    assert (clause.kind, clause.engine, clause.executable) == (Kind.CUSTOM, None, False)
    assert clause.skipped == "not executable: engine 'soda'"


def test_words_are_a_promise_for_people():
    clause = of_object(type="text", description="fresh enough")

    assert (clause.kind, clause.executable) == (Kind.TEXT, False)
    assert (clause.skipped, clause.threshold) == ("a promise for people", "fresh enough")


def test_a_rule_that_lacks_its_parts_is_never_judged():
    clause = of_object(metric="nullValues", mustBe=0)

    assert (clause.executable, clause.engine) == (False, None)
    assert clause.skipped == "not executable: nullValues belongs on a column"


def test_rules_inside_a_column_wait():
    rule = {"id": "r", "metric": "nullValues", "mustBe": 0}
    inner = {"name": "x", "logicalType": "string", "tags": ["pii"], "quality": [rule]}
    outer = {"name": "o", "logicalType": "object", "properties": [inner]}

    found = clauses_of(document(schema=[{"name": "orders", "properties": [outer]}]))
    clause = found["/schema/orders/properties/o/properties/x/quality/r"]

    assert (clause.column, clause.skipped, clause.sensitive) == ("o.x", NOT_YET, True)


def test_rules_on_a_measure_wait():
    rule = {"id": "r", "metric": "nullValues", "mustBe": 0}

    found = clauses_of(with_column(semanticType="measure", rules=[rule]))

    assert found["/schema/orders/properties/amount/quality/r"].skipped == NOT_YET


def test_equal_rules_are_parted_by_an_ordinal():
    rule = {"metric": "nullValues", "mustBe": 0}

    found = clauses_of(with_column(rules=[rule, {**rule, "mustBe": 1}]))

    first, second = [key for key in found if "/quality/" in key]
    assert second == f"{first}/2"


def test_a_rule_without_a_threshold_compares_nothing():
    rule = Rule(pointer="/x", type="sql", query="SELECT 1")
    around = Around(schema="o", key_columns=(), sensitive_columns=(), path=("schema", "o"))

    (clause,) = quality_clauses([rule], around)

    assert (clause.arguments, clause.skipped) == ({"query": "SELECT 1"}, NOT_YET)
