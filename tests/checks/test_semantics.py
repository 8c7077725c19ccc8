"""What each kind of clause means, the same on CSV and Parquet, against a slow and obvious judge."""

import math
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.model import Outcome
from contracts.clause import Kind
from tests.checks.build import clause, column, csv, judged, parquet, schema

CELLS = {
    "integer": st.one_of(st.none(), st.integers(-3, 3), st.sampled_from([2**62, 2**70, -(2**65)])),
    "number": st.one_of(
        st.none(), st.sampled_from([0.0, -1.5, 0.1, 2.25, 1e300, math.nan, math.inf, -math.inf])
    ),
    "string": st.one_of(
        st.none(), st.sampled_from(["a", "b", "", "ü'\"", "a,b", "NULL", "é\nx", ":a", "1"])
    ),
}
SQL_TYPES = {"integer": "HUGEINT", "number": "DOUBLE", "string": "VARCHAR"}
ODD_NAMES = [
    "x",
    "order by",
    'qu"ote',
    "^x$",
    ":name",
    "select",
    "Ünï",
    "a.b",
    "%s",
    "$1",
    "X Y'z",
    "{batch}",
]
OPERATORS = ["mustBe", "mustBeLessThan", "mustBeGreaterOrEqualTo", "mustNotBe"]


def missing(cell):
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def promised(operator, measured, value):
    return {
        "mustBe": measured == value,
        "mustNotBe": measured != value,
        "mustBeLessThan": measured < value,
        "mustBeGreaterOrEqualTo": measured >= value,
    }[operator]


def as_csv(name, cells):
    quoted = (
        ""
        if cell is None
        else '"' + str(cell).replace('"', '""') + '"'
        if isinstance(cell, str)
        else str(cell)
        for cell in cells
    )
    head = '"' + name.replace('"', '""') + '"'
    return "".join([f"row,{head}\n", *(f"{at},{cell}\n" for at, cell in enumerate(quoted))])


def as_select(name, type_, cells):
    head = '"' + name.replace('"', '""') + '"'

    def text(cell):
        if cell is None:
            return "NULL"
        return "'" + str(cell).replace("'", "''") + "'"

    rows = ", ".join(f"({at}, {text(cell)}::{SQL_TYPES[type_]})" for at, cell in enumerate(cells))
    empty = f'SELECT 0 AS "row", NULL::{SQL_TYPES[type_]} AS {head} WHERE false'
    return f'SELECT * FROM (VALUES {rows}) t("row", {head})' if cells else empty


def expected(cells, type_, bound, operator, value):
    """Outcome and failing rows of each clause, in the order that ``clauses`` asks them."""
    filled = [cell for cell in cells if not missing(cell)]
    counts = Counter(filled)
    repeated = sum(count > 1 for count in counts.values())
    nulls = len(cells) - len(filled)
    share = 100 * repeated / len(filled) if filled else 0.0
    null_share = 100 * nulls / len(cells) if cells else 0.0
    broken = [
        nulls,
        sum(count for count in counts.values() if count > 1),
        sum(cell not in bound["enum"] for cell in filled),
    ]
    if type_ != "string":
        broken += [
            sum(cell < bound["low"] for cell in filled),
            sum(cell > bound["high"] for cell in filled),
        ]
    rows = [("failed" if count else "passed", count) for count in broken]
    measured = [nulls, null_share, repeated, share, len(cells)]
    return rows, [
        ("passed" if promised(operator, each, value) else "failed", each) for each in measured
    ]


def clauses(name, type_, bound, operator, value):
    row = [
        clause(Kind.REQUIRED, name),
        clause(Kind.UNIQUE, name),
        clause(Kind.ENUM, name, values=bound["enum"]),
    ]
    if type_ != "string":
        row += [
            clause(Kind.MINIMUM, name, value=bound["low"]),
            clause(Kind.MAXIMUM, name, value=bound["high"]),
        ]
    held = {"operator": operator, "value": value}
    return row, [
        clause(Kind.NULL_VALUES, name, **held),
        clause(Kind.NULL_VALUES, name, key="/percent", unit="percent", **held),
        clause(Kind.DUPLICATE_VALUES, name, **held),
        clause(Kind.DUPLICATE_VALUES, name, key="/share", unit="percent", **held),
        clause(Kind.ROW_COUNT, **held),
    ]


BOUNDS = {
    "integer": {"enum": [0, 1, 2**70, None], "low": -0.5, "high": 2**62},
    "number": {"enum": [0.1, 2.25, 0], "low": -1, "high": 0.1},
    "string": {"enum": ["a", "", "é\nx", "1"]},
}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.data(),
    type_=st.sampled_from(sorted(CELLS)),
    name=st.sampled_from(ODD_NAMES),
    operator=st.sampled_from(OPERATORS),
    value=st.sampled_from([0, 1, 2, 50, 33.5]),
    source=st.sampled_from(["csv", "parquet"]),
)
def test_both_engines_agree_with_a_slow_judge(data, type_, name, operator, value, source):
    cells = data.draw(st.lists(CELLS[type_], max_size=8))
    bound = BOUNDS[type_]
    by_row, by_count = clauses(name, type_, bound, operator, value)
    table = schema("orders", column("row", "integer"), column(name, type_))
    with tempfile.TemporaryDirectory() as folder:
        location = (
            csv(Path(folder), as_csv(name, cells))
            if source == "csv"
            else parquet(Path(folder), as_select(name, type_, cells))
        )

        findings = judged(location, [table], [*by_row, *by_count])

    rows, counts = expected(cells, type_, bound, operator, value)
    assert [
        (findings[each.key].outcome.value, findings[each.key].failed_rows) for each in by_row
    ] == rows, findings
    assert [
        (findings[each.key].outcome.value, findings[each.key].measured) for each in by_count
    ] == counts, findings


EMPTY = ["parquet", "csv"]


@pytest.mark.parametrize("source", EMPTY)
def test_an_empty_table_passes_row_rules_and_fails_a_row_count(tmp_path, source):
    location = (
        csv(tmp_path, "id\n")
        if source == "csv"
        else parquet(tmp_path, "SELECT 1::INTEGER AS id WHERE false")
    )
    asked = [
        clause(Kind.COLUMN_PRESENT, "id"),
        clause(Kind.TYPE, "id", logical_type="integer"),
        clause(Kind.REQUIRED, "id"),
        clause(Kind.UNIQUE, "id"),
        clause(Kind.MINIMUM, "id", value=1),
        clause(Kind.NULL_VALUES, "id", operator="mustBeLessThan", value=1, unit="percent"),
        clause(Kind.DUPLICATE_VALUES, "id", operator="mustBe", value=0),
        clause(Kind.EXPECTATION, "id", type="expect_column_values_to_be_unique", kwargs={}),
        clause(Kind.ROW_COUNT, operator="mustBeGreaterThan", value=0),
    ]

    findings = list(judged(location, [schema("orders", column("id", "integer"))], asked).values())

    assert [each.outcome.value for each in findings] == ["passed"] * 8 + ["failed"], findings
    assert findings[-1].reason == "row count 0 is not greater than 0"


@pytest.mark.parametrize(
    "name", ["Orders", "order lines", 'or"ders', "select", "Ünï", "a.b", ":o", "group", "{batch}"]
)
def test_an_object_may_have_an_odd_name(tmp_path, name):
    (tmp_path / "data.csv").write_text("id\n1\n1\n")
    location = csv(tmp_path, "id\n1\n1\n", "data.csv")
    location = type(location)(source="files", roots=location.roots, path="data.csv")
    asked = [
        clause(Kind.UNIQUE, "id", schema=name),
        clause(Kind.DUPLICATE_VALUES, "id", schema=name, operator="mustBe", value=0),
        clause(Kind.ROW_COUNT, schema=name, operator="mustBe", value=2),
        clause(
            Kind.SQL, schema=name, query="SELECT sum(id) FROM {table}", operator="mustBe", value=2
        ),
    ]

    findings = judged(location, [schema(name, column("id", "integer"))], asked)

    told = [(each.outcome, each.reason) for each in findings.values()]
    assert told == [
        (Outcome.FAILED, "1 value occurs more than once (2 rows)"),
        (Outcome.FAILED, "1 value occurs more than once (2 rows)"),
        (Outcome.PASSED, ""),
        (Outcome.PASSED, ""),
    ]
