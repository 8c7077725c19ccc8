"""What one clause may cost, say and be taken for, whatever a contract writes into it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from checks.dataset import Relation, Table, TableColumn
from checks.engines.great_expectations.engine import judge
from checks.engines.great_expectations.expectations import scalar
from checks.errors import FailedStatement, StoppedQuery
from checks.model import Outcome
from contracts.clause import Kind
from tests.checks.build import clause, column, parquet, schema
from tests.checks.engines.opened import Refusing, opener
from tests.checks.engines.test_great_expectations_agreement import ROWS, TABLE, expect, sql

LEGACY = [
    pytest.mark.filterwarnings(f"ignore:.*{name}.*:DeprecationWarning")
    for name in ("row_condition", "condition_parser")
]
BOTH = pytest.mark.parametrize("fused", [True, False], ids=["together", "alone"])


def legacy(test):
    for mark in LEGACY:
        test = mark(test)
    return test


@pytest.fixture
def opened():
    yield from opener()


@BOTH
def test_objects_whose_names_join_alike_have_verdicts_of_their_own(opened, tmp_path, fused):
    dataset, _ = opened(parquet(tmp_path, ROWS), TABLE, fused=fused)
    there = {"id": TableColumn(name="id", type="INTEGER", source_type="int", delivered="id")}
    tables = {}
    for cell, (name, place) in zip(["1", "NULL"], [("a-b", "s"), ("b", "s-a")], strict=True):
        relation = Relation(name=name, schema=place, select=f"SELECT {cell}::INTEGER AS id")
        tables[place] = Table(name=place, columns=there, typed=relation, judged=relation)
    asked = [
        clause(Kind.NULL_VALUES, "id", schema=name, key=name, operator="mustBe", value=0)
        for name in tables
    ]

    findings = judge(replace(dataset, tables=tables), asked)

    assert [each.outcome.value for each in findings.values()] == ["passed", "failed"]


@BOTH
def test_names_of_objects_may_be_what_their_places_are_called(opened, tmp_path, fused):
    names = ["relation1", "relation0", "relations", "a-b", "$x"]
    for at, name in enumerate(names):
        parquet(tmp_path, f"SELECT * FROM range({at}) t(id)", name)
    location = parquet(tmp_path, "SELECT 1 AS id", "orders")
    dataset, _ = opened(
        location, *(schema(name, column("id", "integer")) for name in names), fused=fused
    )
    asked = [
        clause(Kind.ROW_COUNT, schema=name, key=name, operator="mustBe", value=at)
        for at, name in enumerate(names)
    ]

    findings = judge(dataset, asked)

    assert {each.outcome for each in findings.values()} == {Outcome.PASSED}


@pytest.mark.parametrize(
    ("told", "number"),
    [
        (Decimal(9007199254740993), 9007199254740993),
        (Decimal("75.50"), 75.5),
        (Decimal("0.1"), 0.1),
        (Decimal("9007199254740992.5000000001"), Decimal("9007199254740992.5000000001")),
        ("9007199254740993", 9007199254740993),
        (2**70 + 1, 2**70 + 1),
        (True, 1),
        (0.5, 0.5),
    ],
)
def test_a_number_is_kept_to_its_last_digit(told, number):
    assert scalar(told) == number
    assert type(scalar(told)) is type(number)


@BOTH
def test_numbers_beyond_what_a_float_holds_are_told_apart(opened, tmp_path, fused):
    rows = "SELECT i::BIGINT AS id, 1.5::DOUBLE AS v, 'a' AS x FROM (VALUES (2**53), (1)) t(i)"
    dataset, _ = opened(parquet(tmp_path, rows), TABLE, fused=fused)
    query = "SELECT CAST(sum(id) AS DECIMAL(38, 0)) FROM {table}"
    asked = [
        clause(Kind.SQL, key=f"/{value}", query=query, operator="mustBe", value=value)
        for value in (9007199254740992, 9007199254740993)
    ]

    findings = judge(dataset, asked)

    assert [each.outcome.value for each in findings.values()] == ["failed", "passed"]
    assert findings["/9007199254740993"].measured == "9007199254740993"


@BOTH
@pytest.mark.parametrize(
    "asked",
    [
        expect("expect_column_max_to_be_between", "id", max_value={"$PARAMETER": "9^9^9^9"}),
        expect("expect_column_values_to_be_in_set", "id", value_set=[[{"$PARAMETER.x": 1}]]),
        clause(Kind.NULL_VALUES, "v", operator="mustBe", value={"$PARAMETER": "9^9^9^9"}),
        clause(Kind.SQL, query="SELECT 1", operator="mustBe", value={"$PARAMETER": "9^9^9^9"}),
    ],
)
def test_what_would_be_computed_in_python_is_refused(opened, tmp_path, asked, fused):
    dataset, statements = opened(parquet(tmp_path, ROWS), TABLE, fused=fused)

    (finding,) = judge(dataset, [asked]).values()

    assert finding.outcome is Outcome.ERRORED
    assert finding.reason.startswith("$PARAMETER")
    assert finding.reason.endswith("cannot be computed: state the value itself")
    assert statements == []


@BOTH
def test_no_more_than_two_rows_of_a_query_are_fetched(opened, tmp_path, fused):
    rows = "SELECT i AS id, 1.5::DOUBLE AS v, 'a' AS x FROM range(3000) t(i)"
    dataset, statements = opened(parquet(tmp_path, rows), TABLE, fused=fused)

    (finding,) = judge(
        dataset, [sql("SELECT a.id, b.id FROM {table} a, {table} b", "/rows")]
    ).values()

    assert finding.reason == "the query returned more than one row, not one value"
    assert {statement[-8:] for statement in statements} == {" LIMIT 2"}


@BOTH
def test_unexpected_rows_are_counted_and_never_fetched(opened, tmp_path, fused):
    dataset, statements = opened(parquet(tmp_path, ROWS), TABLE, fused=fused)
    asked = expect("UnexpectedRowsExpectation", unexpected_rows_query="SELECT * FROM {batch}")

    (finding,) = judge(dataset, [asked]).values()

    assert (finding.outcome, finding.measured) == (Outcome.FAILED, 4)
    assert ["count(" in statement.lower() for statement in statements] == [True]


def slow(at, name="orders"):
    return clause(
        Kind.SQL,
        schema=name,
        key=f"/{name}{at}",
        query=f"SELECT {at} WHERE 'slow' <> ''",
        operator="mustBe",
        value=at,
    )


@BOTH
def test_after_some_stops_nothing_is_asked_of_any_object(opened, tmp_path, fused):
    parquet(tmp_path, ROWS, "items")
    items = replace(TABLE, name="items", physical_name="items")
    dataset, _ = opened(parquet(tmp_path, ROWS), TABLE, items, fused=fused)
    session = Refusing(dataset.session, {"'slow'": StoppedQuery(3)})
    rows = expect(
        "UnexpectedRowsExpectation",
        key="/rows",
        unexpected_rows_query="SELECT * FROM {batch} WHERE x = 'slow'",
    )
    asked = [rows, *(slow(at) for at in range(4)), *(slow(at, "items") for at in range(4))]

    findings = judge(replace(dataset, session=session), asked)

    told = {(each.outcome, each.reason) for each in findings.values()}
    assert told == {(Outcome.ERRORED, "stopped after 3 s")}
    assert len(session.refused) == 4


@legacy
@BOTH
@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ('col("id") > 2 and col("x") == "a"', "cannot be read from character 15 on"),
        ('col("id") > 2 garbage', "cannot be read from character 15 on"),
        ("id > 2", "unable to parse condition: id > 2"),
        (
            {
                "type": "comparison",
                "column": {"name": "id"},
                "operator": ">",
                "parameter": 2,
                "and": {},
            },
            "row_condition holds 'and'",
        ),
        (7, "row_condition must be a text or a mapping"),
    ],
)
def test_a_row_condition_is_judged_whole_or_not_at_all(opened, tmp_path, stated, reason, fused):
    dataset, statements = opened(parquet(tmp_path, ROWS), TABLE, fused=fused)
    asked = expect(
        "expect_column_values_to_be_between",
        "v",
        max_value=3,
        row_condition=stated,
        condition_parser="great_expectations",
    )

    (finding,) = judge(dataset, [asked]).values()

    assert finding.outcome is Outcome.ERRORED
    assert reason in finding.reason
    assert statements == []


COMPARED = {"type": "comparison", "column": {"name": "id"}, "operator": ">", "parameter": 2}
FILLED = {"type": "nullity", "column": {"name": "v"}, "is_null": False}


@legacy
@BOTH
@pytest.mark.parametrize(
    ("stated", "rows"),
    [
        (' col("id") > 1 ', 3),
        ('col("id")>=-4.5', 4),
        ("col(\"x\") == 'a and b'", 0),
        ('col("v").notnull()', 3),
        (COMPARED, 1),
        ({"type": "and", "conditions": [COMPARED, FILLED]}, 1),
        ({"type": "or", "conditions": [COMPARED, FILLED]}, 3),
    ],
)
def test_a_row_condition_that_is_read_whole_is_judged_by(opened, tmp_path, stated, rows, fused):
    dataset, _ = opened(parquet(tmp_path, ROWS), TABLE, fused=fused)
    parser = {"condition_parser": "great_expectations"} if isinstance(stated, str) else {}
    asked = expect(
        "expect_column_values_to_be_between", "id", min_value=0, row_condition=stated, **parser
    )

    (finding,) = judge(dataset, [asked]).values()

    assert (finding.outcome, finding.rows) == (Outcome.PASSED, rows)


@BOTH
@pytest.mark.parametrize(
    "name",
    ["be_in_set", "contain_set", "equal_set"],
)
def test_a_number_of_values_is_not_told_as_one_of_rows(opened, tmp_path, name, fused):
    dataset, _ = opened(parquet(tmp_path, ROWS), TABLE, fused=fused)
    asked = expect(f"expect_column_distinct_values_to_{name}", "x", value_set=["a", "z"])

    (finding,) = judge(dataset, [asked]).values()

    assert finding.outcome is Outcome.FAILED
    assert (finding.failed_rows, finding.rows) == (None, None)


HOLDING = "SELECT 1 AS id, 1.5::DOUBLE AS v, 'canary ''x'' 4711' AS x"
GUILTY = [
    ("/number", "SELECT max(x) FROM {table}"),
    ("/own", "SELECT max(x) FROM {table} GROUP BY id"),
    ("/cast", "SELECT CAST(max(x) AS INTEGER) FROM {table}"),
    ("/rows", "SELECT x FROM {table} UNION ALL SELECT '1'"),
]


@BOTH
@pytest.mark.parametrize(("key", "query"), GUILTY, ids=[key for key, _ in GUILTY])
def test_no_reason_holds_a_sensitive_cell(opened, tmp_path, key, query, fused):
    dataset, _ = opened(parquet(tmp_path, HOLDING), TABLE, fused=fused)

    (finding,) = judge(dataset, [sql(query, key, sensitive=["x"])]).values()

    assert finding.outcome is Outcome.ERRORED
    assert not {"canary", "4711"} & {*finding.reason.replace("'", " ").split()}
    assert finding.reason


@BOTH
def test_words_of_a_server_are_kept_from_a_sensitive_clause(opened, tmp_path, fused):
    dataset, _ = opened(parquet(tmp_path, ROWS), TABLE, fused=fused)
    session = Refusing(dataset.session, {"": FailedStatement("canary")})
    asked = [
        expect("expect_column_values_to_be_in_set", "x", value_set=["a"]),
        clause(Kind.NULL_VALUES, "x", operator="mustBe", value=0),
        sql("SELECT 1", "/sql"),
    ]
    hidden = [replace(each, sensitive_columns=("x",)) for each in asked]

    findings = judge(replace(dataset, session=session), hidden)

    assert {each.outcome for each in findings.values()} == {Outcome.ERRORED}
    assert not any("canary" in each.reason for each in findings.values())


@BOTH
@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT max(id) FROM {table} WHERE id > 9", "the query returned NULL, not a number"),
        ("SELECT id FROM {table} WHERE id > 9", "the query returned no row, not one value"),
        ("SELECT id FROM {table}", "the query returned more than one row, not one value"),
    ],
)
def test_a_reason_without_cells_is_told_of_sensitive_columns_too(
    opened, tmp_path, query, reason, fused
):
    dataset, _ = opened(parquet(tmp_path, ROWS), TABLE, fused=fused)

    (finding,) = judge(dataset, [sql(query, "/sql", sensitive=["x"])]).values()

    assert finding.reason == reason
