import subprocess
import sys
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from checks import engines, sources
from checks.dataset import Dataset
from checks.errors import UnknownPlugin
from checks.location import Limits, Location
from checks.model import Finding, Outcome
from checks.sources.session import LockedSession
from contracts.clause import Kind
from tests.checks.build import (
    LIMITS,
    at,
    by_key,
    clause,
    column,
    csv,
    judged,
    one,
    parquet,
    report,
    schema,
)
from tests.checks.engines.overheard import about_data, overhear

ORDERS = schema("orders", column("id", "integer"), column("v", "number"), column("x"))
ITEMS = schema("items", column("id", "integer"))
GOOD = "id,v\n1,1.5\n2,2.5\n"


def outcomes(findings):
    return [finding.outcome.value for finding in findings.values()]


def test_every_clause_has_one_result_in_the_order_given(tmp_path):
    asked = [
        clause(Kind.ROW_COUNT, operator="mustBeGreaterThan", value=0),
        clause(Kind.FRESHNESS),
        clause(Kind.REQUIRED, "id"),
        clause(Kind.MAXIMUM, "v", value=2),
        clause(Kind.SQL, query="DROP VIEW orders", operator="mustBe", value=0),
    ]

    told = report(csv(tmp_path, GOOD), [ORDERS], asked)

    assert [result.clause for result in told.results] == asked
    assert [result.outcome.value for result in told.results] == [
        "passed",
        "skipped",
        "passed",
        "failed",
        "errored",
    ]
    assert set(told.phases) == {"open", "pandera", "great_expectations"}
    assert (told.contract_id, told.version, told.server) == ("c", "1.0.0", None)


def test_nothing_is_opened_when_nothing_is_to_be_judged(tmp_path):
    told = report(at(tmp_path / "gone"), [ORDERS], [clause(Kind.FRESHNESS)])

    assert told.outcome is Outcome.SKIPPED
    assert told.phases == {}


def test_an_object_that_could_be_opened_is_there(tmp_path):
    finding = one(csv(tmp_path, GOOD), ORDERS, clause(Kind.OBJECT_PRESENT))

    assert finding == Finding(outcome=Outcome.PASSED)


def test_files_that_cannot_be_found_may_be_late_and_so_are_errored(tmp_path):
    finding = one(at(tmp_path), ORDERS, clause(Kind.OBJECT_PRESENT))

    assert (finding.outcome, finding.reason) == (Outcome.ERRORED, "no file at 'orders.csv'")


class Missing:
    """A source that has looked where an object would lie, and found none."""

    def open(self, schemas, location, *, limits):
        session = LockedSession([], limits)
        return Dataset(
            session=session, tables={}, problems={"orders": "gone"}, missing=frozenset({"orders"})
        )


def test_an_object_that_is_not_there_fails_its_presence_and_skips_all_else(tmp_path, monkeypatch):
    monkeypatch.setitem(sources._SOURCES, "missing", f"{__name__}:Missing")
    location = Location(source="missing")
    asked = [clause(Kind.OBJECT_PRESENT), clause(Kind.REQUIRED, "id")]

    findings = judged(location, [ORDERS], asked)
    alone = one(location, ORDERS, asked[1])

    assert [(each.outcome.value, each.reason) for each in findings.values()] == [
        ("failed", "gone"),
        ("skipped", "orders is missing"),
    ]
    assert (alone.outcome.value, alone.reason) == ("errored", "gone")


@pytest.mark.parametrize(
    ("allowed", "outcome", "reason"),
    [
        (["id", "v"], "passed", ""),
        (["v"], "failed", "there are columns beside those named: id"),
    ],
)
def test_columns_beside_those_named_are_told(tmp_path, allowed, outcome, reason):
    finding = one(csv(tmp_path, GOOD), ORDERS, clause(Kind.EXTRA_COLUMNS, columns=allowed))

    assert (finding.outcome.value, finding.reason) == (outcome, reason)


def test_a_missing_column_fails_its_presence_and_skips_what_is_said_about_it(tmp_path):
    asked = [
        clause(Kind.COLUMN_PRESENT, "x"),
        clause(Kind.TYPE, "x", logical_type="string"),
        clause(Kind.NULL_VALUES, "x", operator="mustBe", value=0),
        clause(Kind.DUPLICATE_VALUES, columns=["id", "x"], operator="mustBe", value=0),
        clause(Kind.EXPECTATION, type="expect_column_values_to_be_unique", kwargs={"column": "x"}),
        clause(Kind.REQUIRED, "id"),
        clause(Kind.COLUMN_PRESENT, "id"),
    ]

    findings = list(judged(csv(tmp_path, GOOD), [ORDERS], asked).values())

    assert findings[0].outcome is Outcome.FAILED
    assert findings[0].reason == "no column 'x' in orders; there are id, v"
    assert {(each.outcome.value, each.reason) for each in findings[1:5]} == {
        ("skipped", "column 'x' is missing")
    }
    assert [each.outcome.value for each in findings[5:]] == ["passed", "passed"]


RULES = [
    clause(Kind.NULL_VALUES, "x", operator="mustBe", value=0),
    clause(Kind.DUPLICATE_VALUES, columns=["id", "x"], operator="mustBe", value=0),
    clause(Kind.EXPECTATION, type="expect_column_values_to_be_unique", kwargs={"column": "x"}),
    clause(Kind.REQUIRED, "x"),
]


@pytest.mark.parametrize("asked", RULES, ids=lambda asked: asked.kind)
def test_a_rule_on_a_column_that_is_neither_there_nor_promised_is_errored(tmp_path, asked):
    finding = one(csv(tmp_path, GOOD), ORDERS, asked)

    assert finding.outcome is Outcome.ERRORED
    assert finding.reason == "no column 'x' in orders; there are id, v"


def test_a_presence_that_is_asked_of_another_object_excuses_nothing(tmp_path):
    csv(tmp_path, "id\n1\n", "items.csv")
    asked = [
        clause(Kind.COLUMN_PRESENT, "x", schema="items"),
        clause(Kind.NULL_VALUES, "x", operator="mustBe", value=0),
    ]

    findings = judged(csv(tmp_path, GOOD), [ORDERS, schema("items", column("x"))], asked)

    assert outcomes(findings) == ["failed", "errored"]


def test_a_query_that_names_a_promised_column_which_is_missing_is_skipped(tmp_path):
    query = "SELECT count(*) FROM orders o WHERE o.x IS NULL"
    asked = [
        clause(Kind.COLUMN_PRESENT, "x"),
        clause(Kind.SQL, query=query, operator="mustBe", value=0),
        clause(
            Kind.SQL, key="/other", query="SELECT sum(y) FROM orders", operator="mustBe", value=0
        ),
    ]

    findings = judged(csv(tmp_path, GOOD), [ORDERS], asked)

    assert outcomes(findings) == ["failed", "skipped", "errored"]
    assert findings[asked[1].key].reason == "column 'x' is missing"


def test_a_query_that_names_a_missing_column_is_errored_where_nothing_else_fails(tmp_path):
    asked = clause(Kind.SQL, query="SELECT sum(x) FROM orders", operator="mustBe", value=0)

    assert one(csv(tmp_path, GOOD), ORDERS, asked).outcome is Outcome.ERRORED


@pytest.mark.parametrize("query", ["list(x)", "string_agg(x, ' ')", "repeat('a''b', 999)"])
def test_a_reason_is_never_long(tmp_path, query):
    rows = "".join(f"{number},1,cell{number}\n" for number in range(500))
    asked = clause(
        Kind.SQL,
        "x",
        query=f"SELECT {query} FROM orders",
        operator="mustBe",
        value=0,
        sensitive=["x"],
    )

    finding = one(csv(tmp_path, f"id,v,x\n{rows}"), ORDERS, asked)

    assert finding.outcome is Outcome.ERRORED
    assert 0 < len(finding.reason) <= 300


@pytest.mark.parametrize("kind", ["ordered_list", "set"])
def test_an_expectation_about_all_columns_is_asked_though_one_is_missing(tmp_path, kind):
    names = {"column_list": ["id", "x"]} if kind == "ordered_list" else {"column_set": ["id", "x"]}
    asked = clause(Kind.EXPECTATION, type=f"expect_table_columns_to_match_{kind}", kwargs=names)

    assert one(csv(tmp_path, GOOD), ORDERS, asked).outcome is Outcome.FAILED


def test_an_expectation_about_presence_is_asked_of_a_missing_column(tmp_path):
    asked = clause(Kind.EXPECTATION, "x", type="ExpectColumnToExist", kwargs={})

    assert one(csv(tmp_path, GOOD), ORDERS, asked).outcome is Outcome.FAILED


def test_a_missing_file_errs_its_own_clauses_only(tmp_path):
    asked = [clause(Kind.REQUIRED, "id"), clause(Kind.REQUIRED, "id", schema="items")]

    findings = judged(csv(tmp_path, GOOD), [ORDERS, ITEMS], asked)

    assert outcomes(findings) == ["passed", "errored"]
    assert findings[asked[1].key].reason == "no file at 'items.csv'"


def test_a_corrupt_file_errs_its_own_clauses_only(tmp_path):
    (tmp_path / "items.parquet").write_bytes(b"PAR1 this is none")
    location = parquet(tmp_path, "SELECT 1 AS id")
    asked = [clause(Kind.REQUIRED, "id"), clause(Kind.REQUIRED, "id", schema="items")]

    findings = judged(location, [ORDERS, ITEMS], asked)

    assert outcomes(findings) == ["passed", "errored"]
    assert findings[asked[1].key].reason.startswith("items cannot be read: ")
    assert str(tmp_path) not in findings[asked[1].key].reason


def test_a_file_that_breaks_off_is_errored_and_names_no_folder(tmp_path):
    rows = "".join(f"{number},1\n" for number in range(50_000))
    location = csv(tmp_path, f"id,v\n{rows}1,2,3,4\n")
    asked = [
        clause(Kind.REQUIRED, "id"),
        clause(Kind.UNIQUE, "id"),
        clause(Kind.ROW_COUNT, operator="mustBeGreaterThan", value=0),
    ]

    findings = judged(location, [ORDERS], asked)

    assert outcomes(findings) == ["errored"] * 3
    assert all(str(tmp_path) not in finding.reason for finding in findings.values())


def test_an_unknown_source_is_errored_and_lists_the_known(tmp_path):
    location = Location(source="carrier_pigeon", roots=(tmp_path,), path="x")

    finding = one(location, ORDERS, clause(Kind.REQUIRED, "id"))

    assert finding.outcome is Outcome.ERRORED
    assert finding.reason == "no source 'carrier_pigeon'; known: files, postgresql"


def test_an_unknown_engine_lists_the_known():
    assert engines.names() == ("great_expectations", "pandera")
    with pytest.raises(UnknownPlugin, match="known: great_expectations, pandera"):
        engines.load("soda")


def silent(dataset, clauses):
    return {}


def broken(dataset, clauses):
    raise ZeroDivisionError("by 'secret'")


@pytest.mark.parametrize(
    ("engine", "reason"),
    [
        ("silent", "pandera gave no verdict"),
        ("broken", "pandera raised ZeroDivisionError"),
        ("gone", "pandera raised AttributeError"),
    ],
)
def test_an_engine_that_fails_errs_its_own_clauses_only(tmp_path, monkeypatch, engine, reason):
    entry = engines.Entry(f"{__name__}:{engine}", "pandera", "0.35.0")
    known = {**engines._ENGINES, "pandera": entry}
    monkeypatch.setattr(engines, "_ENGINES", known)
    asked = [
        clause(Kind.REQUIRED, "id"),
        clause(Kind.ROW_COUNT, operator="mustBe", value=2),
    ]

    findings = judged(csv(tmp_path, GOOD), [ORDERS], asked)

    assert findings[asked[0].key] == Finding(outcome=Outcome.ERRORED, reason=reason)
    assert findings[asked[1].key].outcome is Outcome.PASSED


ENDLESS = [
    "SELECT count(*) FROM orders a, orders b, orders c, orders d WHERE a.id + b.id + c.id = d.id",
    "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r",
]


@pytest.mark.parametrize("query", ENDLESS)
def test_a_query_that_never_ends_is_stopped_and_the_rest_goes_on(tmp_path, query):
    location = parquet(tmp_path, "SELECT range AS id FROM range(100000)")
    asked = [
        clause(Kind.SQL, query=query, operator="mustBe", value=0),
        clause(Kind.ROW_COUNT, operator="mustBe", value=100_000),
        clause(Kind.REQUIRED, "id"),
    ]

    findings = judged(location, [ORDERS], asked, Limits(statement_seconds=1))

    assert outcomes(findings) == ["errored", "passed", "passed"]
    assert findings[asked[0].key].reason == "stopped after 1 s"


def test_importing_it_loads_no_data_library():
    heavy = "{'duckdb', 'pandas', 'pandera', 'ibis', 'sqlalchemy', 'great_expectations', 'sqlglot'}"
    code = (
        "import sys, checks.execute, checks.plan, checks.engines, checks.sources\n"
        f"print(*({heavy} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")


def test_a_run_prints_nothing_writes_nothing_and_loads_gx_only_when_needed(tmp_path):
    csv(tmp_path, GOOD)
    before = sorted(tmp_path.rglob("*"))
    code = f"""
import sys
from pathlib import Path
from checks.sources.session import LockedSession
from contracts.clause import Kind
from tests.checks.build import at, clause, column, report, schema
orders = schema("orders", column("id", "integer"))
location = at(Path({str(tmp_path)!r}))
report(location, [orders], [clause(Kind.REQUIRED, "id")])
first = "great_expectations" in sys.modules
told = report(location, [orders], [clause(Kind.NULL_VALUES, "id", operator="mustBe", value=0)])
assert told.outcome == "passed", told
sys.exit(1 if first else 0)
"""
    root = Path(__file__).parents[2]

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=root
    )

    assert (done.returncode, done.stdout) == (0, "")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_result_says_how_long_its_engine_took(tmp_path):
    told = report(csv(tmp_path, GOOD), [ORDERS], [clause(Kind.REQUIRED, "id")])

    assert told.phases == {"open": 1.0, "pandera": 1.0}
    assert by_key(told)["/schema/orders/id/required"].rows == 2


@pytest.mark.parametrize("name", engines.names())
def test_the_installed_engines_are_those_that_were_tested(name):
    assert engines.untested(name) == ""


def test_an_engine_of_another_version_is_asked_rule_by_rule_with_a_warning(tmp_path, monkeypatch):
    statements = overhear(monkeypatch)
    monkeypatch.setattr(engines, "version", lambda package: "9.9.9")
    asked = [
        clause(Kind.REQUIRED, "id"),
        clause(Kind.UNIQUE, "id"),
        clause(Kind.ENUM, "id", values=[1]),
    ]

    told = report(csv(tmp_path, GOOD), [ORDERS], asked)

    (warning,) = told.warnings
    assert warning == (
        "pandera 9.9.9 is not the 0.35.0 that Assay was tested with: its rules are asked one by "
        "one, which takes longer"
    )
    assert len(about_data(statements)) > 3


def test_a_package_without_a_version_is_none_that_was_tested(monkeypatch):
    def missing(package):
        raise PackageNotFoundError(package)

    monkeypatch.setattr(engines, "version", missing)

    assert engines.untested("pandera").startswith("pandera of an unknown version is not the 0.35.0")


def test_unfused_by_setting_nobody_is_warned(tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "version", lambda package: "9.9.9")

    told = report(
        csv(tmp_path, GOOD), [ORDERS], [clause(Kind.REQUIRED, "id")], replace(LIMITS, fused=False)
    )

    assert told.warnings == ()
