"""A row filter narrows what is about rows, on files and on PostgreSQL; and hides no duplicate."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.execute import execute
from checks.model import Finding
from checks.selection import RowFilter, Selection
from contracts.clause import Clause, Kind
from tests.checks.build import LIMITS, Clock, at, by_key, clause, column, contract, csv, schema
from tests.checks.oracle import Cell, verdict
from tests.checks.postgres import MARKS, Postgres, made
from tests.checks.test_sameness import SLOW, fill, write_parquet

ORDERS = schema("orders", column("id", "integer"), column("note", "string"))
CUSTOMERS = schema("customers", column("id", "integer"))
TYPES = {"id": "integer", "note": "string"}
WHOLE = {Kind.UNIQUE, Kind.PRIMARY_KEY, Kind.RELATIONSHIP, Kind.DUPLICATE_VALUES, Kind.TYPE}


def narrowed(location, clauses, *expressions, schemas=(ORDERS,), limits=LIMITS, hidden=()):
    filters = tuple(
        RowFilter(schema="orders", expression=each, sensitive_columns=hidden)
        for each in expressions
    )
    told = execute(
        contract(*schemas),
        clauses,
        location,
        limits=limits,
        clock=Clock(),
        selection=Selection(filters=filters),
    )
    return by_key(told)


def told(findings: Mapping[str, Finding]) -> list[tuple[str, int | None, str]]:
    return [(each.outcome.value, each.failed_rows, each.reason) for each in findings.values()]


def promises() -> list[Clause]:
    """One clause of every kind that is about cells, some broken by most tables."""
    few: dict[str, Any] = {"operator": "mustBeLessThan", "value": 50, "unit": "percent"}
    none: dict[str, Any] = {"operator": "mustBe", "value": 0}
    query = "SELECT count({property}) FROM {object}"
    return [
        clause(Kind.REQUIRED, "id"),
        clause(Kind.UNIQUE, "id"),
        clause(Kind.TYPE, "id", logical_type="integer"),
        clause(Kind.PRIMARY_KEY, columns=["id", "note"], keys=["id"]),
        clause(Kind.MINIMUM, "id", value=1),
        clause(Kind.EXCLUSIVE_MAXIMUM, "id", value=3),
        clause(Kind.ENUM, "note", values=["a", "b"]),
        clause(Kind.PATTERN, "note", value="^a"),
        clause(Kind.MAX_LENGTH, "note", value=1),
        clause(Kind.NULL_VALUES, "note", **few),
        clause(Kind.DUPLICATE_VALUES, "note", **few),
        clause(Kind.ROW_COUNT, operator="mustBeGreaterThan", value=2),
        clause(Kind.SQL, "id", query=query, **none),
        clause(Kind.RELATIONSHIP, "id", columns=["id"], to_schema="targets", to_columns=["id"]),
    ]


CELLS = {
    "id": st.one_of(st.none(), st.integers(0, 4)),
    "note": st.one_of(st.none(), st.sampled_from(["a", "b", "ab", "", "it's", "%s", ":x"])),
}
FILTERS = {
    "id > 1": lambda id_, _: id_ is not None and id_ > 1,
    "note LIKE '%a%' -- those": lambda _, note: note is not None and "a" in note,
    "note IN ('%s', ':x', 'it''s') OR id IS NULL": lambda id_, note: (
        note in {"%s", ":x", "it's"} or id_ is None
    ),
    "orders.id = (SELECT max(id) FROM orders)": None,
    "id IN (SELECT id FROM targets)": None,
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[Mapping[str, Sequence[Cell]], list[int]]:
    rows = draw(st.sampled_from([0, 1, 3, 6]))
    cells = {
        name: draw(st.lists(each, min_size=rows, max_size=rows)) for name, each in CELLS.items()
    }
    return cells, draw(st.lists(st.integers(0, 4), max_size=3))


def kept(expression: str, cells: Mapping[str, Sequence[Cell]], targets: Sequence[int]):
    """The rows of ``cells`` that ``expression`` is true of."""
    test = FILTERS[expression]
    if test is None:
        there = [each for each in cells["id"] if each is not None]
        wanted = set(targets) if "targets" in expression else {max(there)} if there else set()
        test = lambda id_, _: id_ in wanted  # noqa: E731
    pairs = [pair for pair in zip(cells["id"], cells["note"], strict=True) if test(*pair)]
    return {"id": [id_ for id_, _ in pairs], "note": [note for _, note in pairs]}


def compared(location, expression, cells, targets) -> None:
    asked = promises()
    few = kept(expression, cells, targets)
    expected = {
        each.key: verdict(each, cells if each.kind in WHOLE else few, targets) for each in asked
    }
    for fused in (True, False):
        found = narrowed(
            location,
            asked,
            expression,
            schemas=[ORDERS, schema("targets", column("id", "integer"))],
            limits=replace(LIMITS, fused=fused),
        )

        wrong = {
            key: (expected[key], each)
            for key, each in found.items()
            if (each.outcome.value, each.failed_rows) != expected[key]
        }
        assert not wrong, (fused, wrong)


@SLOW
@given(made_up=tables(), expression=st.sampled_from(sorted(FILTERS)))
def test_a_filter_narrows_rules_about_rows_and_no_others_on_files(made_up, expression):
    cells, targets = made_up
    with tempfile.TemporaryDirectory() as folder:
        write_parquet(Path(folder), "orders", {"id": "BIGINT", "note": "VARCHAR"}, cells)
        write_parquet(Path(folder), "targets", {"id": "BIGINT"}, {"id": targets})

        compared(at(Path(folder), "{model}.parquet"), expression, cells, targets)


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    yield from made()


@SLOW
@given(made_up=tables(), expression=st.sampled_from(sorted(FILTERS)))
def on_postgresql(postgres, made_up, expression):
    cells, targets = made_up
    fill(postgres, "orders", {"id": "bigint", "note": "text"}, cells)
    fill(postgres, "targets", {"id": "bigint"}, {"id": targets})

    compared(postgres.at(), expression, cells, targets)


class TestOnPostgresql:
    pytestmark = MARKS

    def test_a_filter_narrows_rules_about_rows_and_no_others_there(self, postgres):
        on_postgresql(postgres)


DUPLICATE = "id,kind,note\n1,x,a\n2,x,b\n1,x,c\n"
NONE: dict[str, Any] = {"operator": "mustBe", "value": 0}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(*) - count(DISTINCT id) FROM orders",
        "SELECT count(*) FROM (SELECT id FROM orders GROUP BY id HAVING count(*) > 1)",
        "SELECT sum(n) FROM (SELECT count(*) OVER (PARTITION BY id) - 1 AS n FROM orders)",
        "SELECT count(*) FROM orders a JOIN orders b ON a.id = b.id AND a.note <> b.note",
        "SELECT max(c) - 1 FROM (SELECT id, count(*) AS c FROM orders GROUP BY id)",
        "SELECT count(*) - approx_count_distinct(id) FROM orders",
        "SELECT len(list_distinct(list(id))) - count(*) FROM orders",
    ],
)
def test_no_query_loses_a_duplicate_by_a_filter(tmp_path, query):
    location = csv(tmp_path, DUPLICATE)
    asked = clause(Kind.SQL, query=query, **NONE)

    findings = narrowed(location, [asked], "note = 'a'")

    assert [outcome for outcome, _, _ in told(findings)] == ["failed"]


@pytest.mark.parametrize(
    ("type_", "kwargs"),
    [
        ("expect_column_values_to_be_unique", {"column": "id"}),
        ("ExpectCompoundColumnsToBeUnique", {"column_list": ["id", "kind"]}),
        ("expect_column_unique_value_count_to_be_between", {"column": "id", "min_value": 3}),
        (
            "expect_column_proportion_of_unique_values_to_be_between",
            {"column": "id", "min_value": 1},
        ),
        (
            "unexpected_rows_expectation",
            {"unexpected_rows_query": "SELECT id FROM {batch} GROUP BY id HAVING count(*) > 1"},
        ),
    ],
)
def test_no_expectation_loses_a_duplicate_by_a_filter(tmp_path, type_, kwargs):
    location = csv(tmp_path, DUPLICATE)
    asked = clause(Kind.EXPECTATION, type=type_, kwargs=kwargs)

    findings = narrowed(location, [asked], "note = 'a'")

    assert [outcome for outcome, _, _ in told(findings)] == ["failed"]


def test_expectations_and_queries_about_rows_are_narrowed(tmp_path):
    location = csv(tmp_path, "id,note\n1,a\n9,b\n")
    asked = [
        clause(
            Kind.EXPECTATION,
            key="/between",
            type="expect_column_values_to_be_between",
            kwargs={"column": "id", "max_value": 5},
        ),
        clause(
            Kind.EXPECTATION,
            key="/rows",
            type="unexpected_rows_expectation",
            kwargs={"unexpected_rows_query": "SELECT * FROM {batch} WHERE id > 5"},
        ),
        clause(
            Kind.EXPECTATION,
            key="/columns",
            type="expect_table_column_count_to_equal",
            kwargs={"value": 2},
        ),
        clause(
            Kind.SQL, key="/sql", query="SELECT max(id) FROM Orders", operator="mustBe", value=1
        ),
    ]

    findings = narrowed(location, asked, "note = 'a'")

    assert [outcome for outcome, _, _ in told(findings)] == ["passed"] * 4


def test_rows_keep_the_numbers_that_they_have_in_the_file(tmp_path):
    location = csv(tmp_path, "id,note\nx,b\n1,a\ny,a\nz,a\n")
    asked = clause(Kind.TYPE, "id", logical_type="integer")

    found = narrowed(location, [asked], "note = 'a'", "id IS NULL")[asked.key]

    assert (found.rows, found.failed_rows) == (2, 2)
    assert found.evidence is not None
    assert found.evidence.columns == ("row", "id")
    assert found.evidence.rows == ((3, "y"), (4, "z"))


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("amount > 1", "column"),
        ("note = ", "it cannot be read as SQL"),
        ("1 = 1) OR (1 = 1", "it is no single condition"),
        ("1 = 1) GROUP BY (note", "it is no single condition"),
        ("id IN (SELECT id FROM read_csv('/etc/passwd'))", "it reads from the function"),
        ("id IN (SELECT id FROM customers)", "it reads 'customers'; what can be read here: orders"),
        ("getenv('HOME') = ''", "the function getenv is not allowed"),
    ],
)
def test_a_filter_that_cannot_be_applied_is_errored_and_spoils_nothing_else(
    tmp_path, expression, why
):
    location = csv(tmp_path, DUPLICATE)
    asked = [
        clause(Kind.REQUIRED, "id"),
        clause(Kind.ROW_COUNT, operator="mustBe", value=3),
        clause(Kind.UNIQUE, "id"),
    ]

    findings = list(narrowed(location, asked, expression).values())

    outcomes = [each.outcome.value for each in findings]
    assert outcomes == ["errored", "errored", "failed"]
    assert findings[0].reason == findings[1].reason
    assert findings[0].reason.startswith(f"the filter {expression!r} cannot be applied: ")
    assert why in findings[0].reason


def test_a_filter_that_is_refused_is_not_made_good_by_another(tmp_path):
    asked = clause(Kind.REQUIRED, "id")

    findings = narrowed(csv(tmp_path, DUPLICATE), [asked], "nothing = 1", "id = 1")

    assert told(findings)[0][0] == "errored"


def test_what_a_filter_on_sensitive_cells_raises_is_not_shown(tmp_path):
    location = csv(tmp_path, "id,note\n1,secret\n")
    asked = clause(Kind.REQUIRED, "id")
    expression = "CAST(note AS INTEGER) = 1"

    open_ = narrowed(location, [asked], expression)[asked.key]
    hidden = narrowed(location, [asked], expression, hidden=("note",))[asked.key]

    assert (open_.outcome.value, hidden.outcome.value) == ("errored", "errored")
    assert "secret" in open_.reason
    assert "secret" not in hidden.reason


def test_another_object_is_judged_whole(tmp_path):
    location = csv(tmp_path, DUPLICATE)
    (tmp_path / "customers.csv").write_text("id\n1\n2\n")
    asked = [
        clause(Kind.ROW_COUNT, operator="mustBe", value=1),
        clause(Kind.ROW_COUNT, schema="customers", operator="mustBe", value=2),
    ]

    findings = narrowed(location, asked, "id = 2", schemas=[ORDERS, CUSTOMERS])

    assert told(findings) == [("passed", None, ""), ("passed", None, "")]
