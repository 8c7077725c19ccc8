"""All rules of an object in one statement, and each trap of it under its name."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from checks.engines.great_expectations.engine import judge
from checks.errors import StoppedQuery
from checks.model import Outcome
from contracts.clause import Kind
from tests.checks.build import clause, column, parquet, schema
from tests.checks.engines.opened import Refusing, opener
from tests.checks.engines.test_great_expectations_agreement import ROWS, TABLE, expect, sql, told


@pytest.fixture
def opened():
    yield from opener()


def odd(name):
    query = "SELECT count(*) FROM {table} WHERE {column} IN (7, 8)"
    held: dict[str, Any] = {"operator": "mustBe", "value": 0}
    return [
        clause(Kind.NULL_VALUES, name, keys=["id"], **held),
        clause(Kind.DUPLICATE_VALUES, name, keys=["id"], **held),
        clause(Kind.SQL, name, query=query, **held),
        expect("expect_column_values_to_be_between", name, max_value=6),
        expect("expect_column_values_to_be_unique", name),
        expect("expect_column_max_to_be_between", name, max_value=6),
        expect("expect_column_pair_values_to_be_equal", column_A=name, column_B="id"),
    ]


@pytest.mark.parametrize(
    "name", ["a b", 'qu"ote', "it's", "^x$", "order", "Ünï", "%s", "100%", ":x", "{batch}", "a.b"]
)
def test_a_column_may_have_an_odd_name(opened, tmp_path, name):
    head = '"' + name.replace('"', '""') + '"'
    rows = f"SELECT i AS id, nullif(7, i) AS {head} FROM range(6, 9) t(i)"
    location = parquet(tmp_path, rows)
    table = schema("orders", column("id", "integer"), column(name, "integer"))

    dataset, _ = opened(location, table)
    findings = judge(dataset, odd(name))

    assert {each.outcome for each in findings.values()} == {Outcome.FAILED}, findings
    shown = findings["/expect_column_values_to_be_between"].evidence
    assert shown is not None
    assert shown.rows == ((7,), (7,))


def many(count):
    """Rules that pass, of every kind that shares a statement."""
    kinds = [
        lambda key: clause(Kind.NULL_VALUES, "x", key=key, operator="mustBe", value=0),
        lambda key: clause(Kind.DUPLICATE_VALUES, "x", key=key, operator="mustBe", value=0),
        lambda key: sql(f"SELECT count(*) FROM {{table}} WHERE x = '{key}'", key),
        lambda key: expect("expect_column_values_to_not_be_in_set", "x", key=key, value_set=[key]),
        lambda key: expect("expect_column_max_to_be_between", "v", key=key, max_value=70),
        lambda key: expect(
            "expect_compound_columns_to_be_unique", key=key, column_list=["id", "x"]
        ),
        lambda key: clause(Kind.ROW_COUNT, key=key, operator="mustBe", value=4),
        lambda key: expect("expect_column_values_to_be_unique", "x", key=key),
        lambda key: expect("expect_table_column_count_to_equal", key=key, value=3),
        lambda key: expect(
            "expect_column_pair_values_to_be_equal", key=key, column_A="id", column_B="id"
        ),
    ]
    return [kinds[at % len(kinds)](f"/{at}") for at in range(count)]


@pytest.mark.parametrize("count", [1, 10, 100])
def test_rules_that_hold_take_one_statement_however_many(opened, tmp_path, count):
    dataset, statements = opened(parquet(tmp_path, ROWS), TABLE)

    findings = judge(dataset, many(count))

    assert {each.outcome for each in findings.values()} == {Outcome.PASSED}
    assert len(statements) == 1


@pytest.mark.parametrize("count", [10, 60])
def test_broken_rules_take_one_more_statement_for_all_their_rows(opened, tmp_path, count):
    dataset, statements = opened(parquet(tmp_path, ROWS), TABLE)
    broken = [
        expect("expect_column_values_to_be_between", "id", key=f"/{at}", min_value=at + 5)
        for at in range(count)
    ]

    findings = judge(dataset, broken)

    assert [each.failed_rows for each in findings.values()] == [4] * count
    assert all(each.evidence and len(each.evidence.rows) == 4 for each in findings.values())
    assert len(statements) == 2


def test_each_object_has_a_statement_of_its_own(opened, tmp_path):
    parquet(tmp_path, ROWS, "items")
    location = parquet(tmp_path, ROWS)
    asked = [
        *many(20),
        clause(Kind.NULL_VALUES, "v", schema="items", operator="mustBe", value=1),
        sql("SELECT count(*) FROM items WHERE id > 4", "/elsewhere"),
    ]
    dataset, statements = opened(
        location, TABLE, replace(TABLE, name="items", physical_name="items")
    )

    findings = judge(dataset, asked)

    assert {each.outcome for each in findings.values()} == {Outcome.PASSED}
    assert len(statements) == 2


@pytest.mark.parametrize("count", [1, 20])
def test_alone_each_rule_takes_statements_of_its_own(opened, tmp_path, count):
    dataset, statements = opened(parquet(tmp_path, ROWS), TABLE, fused=False)
    asked = [
        clause(Kind.NULL_VALUES, "x", key=f"/{at}", operator="mustBe", value=0)
        for at in range(count)
    ]

    judge(dataset, asked)

    assert len(statements) == count


def test_metrics_of_one_statement_do_not_fail_together(opened, tmp_path):
    dataset, statements = opened(parquet(tmp_path, ROWS), TABLE)
    bad = expect("expect_column_mean_to_be_between", "x", min_value=1)

    findings = judge(dataset, [bad, *many(40)])

    guilty = [key for key, each in findings.items() if each.outcome is Outcome.ERRORED]
    assert guilty == [bad.key]
    assert "Binder Error" in findings[bad.key].reason
    assert len(statements) < 20


def test_two_guilty_rules_are_told_each_by_its_own_reason(opened, tmp_path):
    rows = "SELECT 'a' AS x, 1.5 AS v, 1 AS id UNION ALL SELECT 'canary', 1.5, 1"
    dataset, _ = opened(parquet(tmp_path, rows), TABLE)
    asked = [
        *many(2)[:1],
        expect("expect_column_values_to_match_regex", "x", regex="("),
        sql("SELECT CAST(max(x) AS INTEGER) FROM {table}", "/cast"),
    ]

    good, pattern, cast = judge(dataset, asked).values()

    assert good.outcome is Outcome.PASSED
    assert (pattern.outcome, pattern.reason) == (Outcome.ERRORED, "missing ): (")
    assert (cast.outcome, cast.reason[:16]) == (Outcome.ERRORED, "Conversion Error")


def test_a_condition_guards_what_is_computed_of_a_row(opened, tmp_path):
    rows = "SELECT * FROM (VALUES (1, 0.0::DOUBLE, '7'), (2, 2.0, 'no')) t(id, v, x)"
    guarded = sql("SELECT sum(CAST(x AS INTEGER)) FROM {table} WHERE id = 1", "/guarded")
    dataset, statements = opened(parquet(tmp_path, rows), TABLE)

    findings = judge(dataset, [guarded, *many(1)])

    assert findings["/guarded"].measured == 7
    assert len(statements) == 1


def test_a_missing_column_is_exception_info_and_so_errored(opened, tmp_path):
    dataset, _ = opened(parquet(tmp_path, ROWS), TABLE)
    asked = expect("expect_column_values_to_be_between", "gone", min_value=1)

    finding, beside = judge(dataset, [asked, *many(1)]).values()

    assert finding.outcome is Outcome.ERRORED
    assert "gone" in finding.reason
    assert beside.outcome is Outcome.PASSED


def test_a_soft_and_a_hard_rule_on_one_column_have_a_verdict_each(opened, tmp_path):
    bounds = {"min_value": 2, "max_value": 5}
    asked = [
        expect("expect_column_values_to_be_between", "id", key="/hard", **bounds),
        expect("expect_column_values_to_be_between", "id", key="/soft", mostly=0.7, **bounds),
        expect("expect_column_values_to_be_between", "id", key="/other", min_value=1),
    ]
    dataset, _ = opened(parquet(tmp_path, ROWS), TABLE)

    findings = judge(dataset, asked)

    outcomes = {key: each.outcome.value for key, each in findings.items()}
    assert outcomes == {"/hard": "failed", "/soft": "passed", "/other": "passed"}
    assert findings["/hard"].failed_rows == 1


def test_results_come_by_clause_and_not_in_the_order_of_the_suite(opened, tmp_path):
    bad = expect("expect_column_values_to_be_in_set", "x", key="/first", value_set=["a"])
    failing = expect("expect_column_mean_to_be_between", "x", key="/second", min_value=1)
    dataset, _ = opened(parquet(tmp_path, ROWS), TABLE)

    findings = judge(dataset, [bad, failing, *many(8)])

    outcomes = [findings[key].outcome.value for key in ("/first", "/second", "/0", "/7")]
    assert outcomes == ["failed", "errored", "passed", "passed"]


def test_unexpected_rows_are_counted_once_and_not_fetched(opened, tmp_path):
    query = "SELECT * FROM {batch} b WHERE b.x LIKE '%:y{' OR b.id = 2"
    dataset, statements = opened(parquet(tmp_path, ROWS), TABLE)

    (finding,) = judge(
        dataset, [expect("UnexpectedRowsExpectation", unexpected_rows_query=query)]
    ).values()

    assert (finding.outcome, finding.measured) == (Outcome.FAILED, 2)
    assert len(statements) == 1


def test_a_query_that_fails_is_run_once(opened, tmp_path):
    asked = sql("SELECT max(no_such) FROM {table}", "/bad")
    dataset, statements = opened(parquet(tmp_path, ROWS), TABLE)

    findings = judge(dataset, [asked])

    assert findings["/bad"].outcome is Outcome.ERRORED
    assert len(statements) == 1


def test_rows_of_a_core_expectation_stand_beside_their_key(opened, tmp_path):
    asked = clause(
        Kind.EXPECTATION,
        "v",
        keys=["id"],
        type="expect_column_values_to_be_between",
        kwargs={"max_value": 3},
    )
    dataset, _ = opened(parquet(tmp_path, ROWS), TABLE)

    (finding,) = judge(dataset, [asked]).values()

    assert finding.evidence is not None
    assert finding.evidence.columns == ("id", "v")
    assert finding.evidence.rows == ((2, 70), (4, 4))


def test_no_thread_is_left_to_watch_a_progress_bar(opened, tmp_path):
    dataset, _ = opened(parquet(tmp_path, ROWS), TABLE)

    judge(dataset, many(3))

    assert "TMonitor" not in {type(each).__name__ for each in threading.enumerate()}


def test_cells_are_never_taken_for_a_condition(opened, tmp_path):
    rows = "SELECT 1 AS id, 1.5 AS v, 'true) OR (true' AS x"
    asked = expect("expect_column_distinct_values_to_be_in_set", "x", value_set=["a"])
    dataset, _ = opened(parquet(tmp_path, rows), TABLE)

    (finding,) = judge(dataset, [asked]).values()

    assert finding.evidence is not None
    assert finding.evidence.rows == (("true) OR (true",),)


@pytest.mark.filterwarnings("ignore:.*row_condition.*:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:.*condition_parser.*:DeprecationWarning")
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (("expect_column_values_to_be_between", {"column": "v", "max_value": 3}), ((4,),)),
        (("expect_column_values_to_be_unique", {"column": "v"}), None),
        (("expect_compound_columns_to_be_unique", {"column_list": ["id", "x"]}), None),
        (
            ("expect_column_pair_values_to_be_equal", {"column_A": "id", "column_B": "v"}),
            ((1, 1.5), (2, None)),
        ),
    ],
)
def test_a_row_condition_narrows_the_rows_that_count_and_are_shown(opened, tmp_path, asked, shown):
    name, kwargs = asked
    narrowed = {"row_condition": 'col("x") != "c"', "condition_parser": "great_expectations"}
    location = parquet(tmp_path, ROWS)
    dataset, _ = opened(location, TABLE)

    (finding,) = judge(dataset, [expect(name, **kwargs, **narrowed)]).values()

    assert finding.rows == 3
    assert (finding.evidence and finding.evidence.rows) == shown
    alone = told(opened, location, [expect(name, **kwargs, **narrowed)], fused=False)
    assert alone == {f"/{name}": replace(finding, evidence=None)}


SLOW = {"'slow": StoppedQuery(1)}


def test_a_shared_statement_that_takes_too_long_is_parted_rule_by_rule(opened, tmp_path):
    slow = sql("SELECT count(*) FROM {table} WHERE x = 'slow'", "/slow")
    asked = [slow, clause(Kind.NULL_VALUES, "x", operator="mustBe", value=0)]
    dataset, statements = opened(parquet(tmp_path, ROWS), TABLE)
    session = Refusing(dataset.session, SLOW)

    stopped, quick = judge(replace(dataset, session=session), asked).values()

    assert (stopped.outcome, stopped.reason) == (Outcome.ERRORED, "stopped after 1 s")
    assert quick.outcome is Outcome.PASSED
    assert (len(session.refused), len(statements)) == (2, 2)


def test_after_some_stops_no_more_is_asked(opened, tmp_path):
    asked = [
        sql(f"SELECT count(*) FROM {{table}} WHERE x = 'slow{at}'", f"/slow{at}") for at in range(8)
    ]
    dataset, statements = opened(parquet(tmp_path, ROWS), TABLE)
    session = Refusing(dataset.session, SLOW)

    findings = judge(replace(dataset, session=session), asked)

    told = {(each.outcome, each.reason) for each in findings.values()}
    assert told == {(Outcome.ERRORED, "stopped after 1 s")}
    assert (len(session.refused), len(statements)) == (4, 0)
