import json
import logging
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from checks.model import Evidence, Finding, Outcome, Report, Result
from cli import check as module
from cli.options import settings
from contracts.clause import Clause, Kind
from contracts.values import Dimension, EngineName, Severity
from usecases.errors import NotFound

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
AMOUNT = Clause(
    key="/schema/orders/properties/amount/minimum",
    pointer="/schema/0/properties/0/logicalTypeOptions/minimum",
    kind=Kind.MINIMUM,
    schema="orders",
    column="amount",
    engine=EngineName.PANDERA,
    threshold="at least 0",
    severity=Severity.HIGH,
    dimension=Dimension.CONFORMITY,
)
BROKEN = Finding(
    outcome=Outcome.FAILED,
    rows=1000,
    failed_rows=3,
    reason="3 of 1,000 rows are below 0",
    evidence=Evidence(
        columns=("id", "amount"), rows=((1, -1), (2, -2), (3, -3)), offending=("amount",)
    ),
)


@pytest.fixture
def judged(monkeypatch):
    """Answer every check with these findings; remembers how it was asked."""
    asked: dict[str, Any] = {}  # whatever the judge was given

    def answer(*findings):
        def judge(contract, **given):
            asked.update(given, contract=contract)
            return Report(
                contract_id=contract.id,
                version=contract.version,
                server="here",
                started=NOON,
                finished=NOON + timedelta(seconds=0.84),
                results=tuple(Result(clause=AMOUNT, finding=finding) for finding in findings),
            )

        monkeypatch.setattr("cli.check.judge_locally", judge)
        monkeypatch.setattr("cli.check._quieten", lambda _: None)
        return asked

    return answer


def test_a_broken_promise_is_shown_with_the_rows_that_broke_it(assay, contract, judged):
    judged(BROKEN)

    done = assay("check", contract)

    assert (done.status, done.err) == (1, "")
    assert (
        done.out
        == """\
orders 1.2.0 on server here: failed

FAILED orders.amount minimum: at least 0  (high)
  3 of 1,000 rows are below 0
    id  amount
     1    [-1]
     2    [-2]
     3    [-3]
  orders.yaml:16  /schema/orders/properties/amount/minimum

1 clause, 1 judged in 0.84 s: 1 failed

next: mend the data, or promise less; --evidence 20 shows more rows
"""
    )


def test_programs_get_the_shape_of_the_design(assay, contract, judged):
    judged(BROKEN)

    done = assay("check", contract, "--format", "json", "--evidence", "1")

    assert done.status == 1
    assert done.document == {
        "contract": {"id": "orders", "version": "1.2.0"},
        "server": "here",
        "outcome": "failed",
        "coverage": {"clauses": 1, "executed": 1, "skipped": {}},
        "results": [
            {
                "clause": "/schema/orders/properties/amount/minimum",
                "pointer": "/schema/0/properties/0/logicalTypeOptions/minimum",
                "kind": "minimum",
                "schema": "orders",
                "column": "amount",
                "engine": "pandera",
                "outcome": "failed",
                "severity": "high",
                "blocking": True,
                "dimension": "conformity",
                "measured": None,
                "unit": None,
                "threshold": "at least 0",
                "description": "",
                "rows": 1000,
                "failed_rows": 3,
                "reason": "3 of 1,000 rows are below 0",
                "evidence": {
                    "columns": ["id", "amount"],
                    "rows": [[1, -1]],
                    "offending": ["amount"],
                    "masked": [],
                },
            }
        ],
        "seconds": 0.84,
    }


@pytest.mark.parametrize(
    ("outcome", "status", "advice"),
    [
        (Outcome.PASSED, 0, "assay publish orders.yaml has it judged on schedule"),
        (Outcome.ERRORED, 4, "what errored was not judged: each clause says why"),
        (Outcome.SKIPPED, 4, "nothing was judged"),
    ],
)
def test_each_outcome_has_its_status_and_its_advice(
    assay, contract, judged, outcome, status, advice
):
    judged(Finding(outcome=outcome, reason="why"))

    done = assay("check", contract)

    assert done.status == status
    assert f"\nnext: {advice}" in done.out


def test_evidence_can_be_left_out(assay, contract, judged):
    judged(BROKEN)

    done = assay("check", contract, "--evidence", "0", "--format", "json")

    assert done.document["results"][0]["evidence"] is None


def test_more_evidence_than_there_ever_is_is_a_usage_error(assay, contract):
    done = assay("check", contract, "--evidence", "21")

    assert done.status == 2
    assert 'Invalid value "21" for --evidence' in done.err


def test_data_is_looked_for_in_the_current_folder(assay, contract, judged, tmp_path):
    asked = judged(BROKEN)

    assay("check", contract, "--server", "there")

    assert (asked["folder"], asked["server"]) == (tmp_path, "there")
    assert asked["contract"].id == "orders"


@pytest.mark.parametrize(
    ("words", "instant"),
    [
        ("2026-01-31T10:00:00", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("2026-01-31T10:00:00+02:00", datetime(2026, 1, 31, 8, tzinfo=UTC)),
    ],
)
def test_another_instant_can_be_taken_for_now(assay, contract, judged, words, instant):
    asked = judged(BROKEN)

    assay("check", contract, "--at", words)

    assert timedelta(0) <= asked["clock"]() - instant < timedelta(minutes=1)


def test_a_server_that_the_contract_does_not_name_is_a_usage_error(assay, contract, monkeypatch):
    def judge(*_, **__):
        raise NotFound("server", "x", known=["here"])

    monkeypatch.setattr("cli.check.judge_locally", judge)
    monkeypatch.setattr("cli.check._quieten", lambda _: None)

    done = assay("check", contract, "--server", "x")

    assert (done.status, done.out) == (2, "")
    assert done.err == "assay: there is no server 'x'; known: here\n"


def test_an_invalid_contract_is_shown_as_lint_shows_it(assay, tmp_path):
    (tmp_path / "x.yaml").write_text("id: 1\n")

    text, document = assay("check", "x.yaml"), assay("check", "x.yaml", "--format", "json")

    assert (text.status, document.status) == (3, 3)
    assert text.out == assay("lint", "x.yaml").out
    assert document.out == assay("lint", "x.yaml", "--format", "json").out


@pytest.fixture
def _logging():
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.captureWarnings(capture=False)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.mark.usefixtures("_logging")
def test_libraries_are_quiet_unless_a_level_is_asked_for(monkeypatch):
    module._quieten(settings())
    quiet = logging.root.level
    monkeypatch.setenv("ASSAY_LOG_LEVEL", "INFO")
    module._quieten(settings())

    assert (quiet, logging.root.level) == (logging.ERROR, logging.INFO)


def test_real_data_is_judged_and_stderr_stays_empty(contract, tmp_path):
    (tmp_path / "orders.csv").write_text("amount\n1\n2\n")

    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "check", contract, "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.stderr == ""
    assert done.returncode == 0
    assert json.loads(done.stdout)["outcome"] == "passed"


SHOP = """\
apiVersion: v3.1.0
kind: DataContract
id: shop
version: 1.0.0
status: active
tags: [demo]
servers:
  - {server: here, type: local, path: "{model}.csv", format: csv}
schema:
  - name: orders
    properties:
      - name: id
        logicalType: integer
        unique: true
      - name: amount
        logicalType: number
        tags: [money]
        logicalTypeOptions:
          minimum: 0
    quality:
      - id: enough
        metric: rowCount
        mustBeGreaterThan: 2
      - id: nobody
        type: text
        description: Somebody looks at it.
"""
ROWS = "id,amount\n1,5\n2,-1\n2,7\n"


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A contract and its data in the current folder; what is logged is left alone."""
    monkeypatch.setattr("cli.check._quieten", lambda _: None)
    (tmp_path / "orders.csv").write_text(ROWS)
    (tmp_path / "shop.odcs.yaml").write_text(SHOP)
    return "shop.odcs.yaml"


def without_seconds(text):
    return re.sub(r" in \d+\.\d\d s", " in N s", text)


def test_a_part_of_a_contract_can_be_judged_and_the_rest_is_counted(assay, shop):
    done = assay("check", shop, "--tag", "money", "--only", "schema")

    assert done.status == 1
    assert (
        without_seconds(done.out)
        == """\
shop 1.0.0 on server here: failed
asked for: --only schema, --tag money

FAILED orders.amount minimum: at least 0  (high)
  1 of 3 rows is below 0
    amount
    [-1.0]
  shop.odcs.yaml:19  /schema/orders/properties/amount/minimum

passed   orders: 2 clauses (column_present, type)

9 clauses, 3 judged in N s: 2 passed, 1 failed, 6 left out

next: mend the data, or promise less; --evidence 20 shows more rows
"""
    )


def test_programs_are_told_what_was_selected_and_what_was_left_out(assay, shop):
    done = assay("check", shop, "--rule", "/schema/orders/properties/id/type", "--format", "json")

    assert done.status == 0
    assert done.document["coverage"] == {
        "clauses": 9,
        "executed": 1,
        "skipped": {"not selected": 8},
    }
    assert done.document["selection"] == {
        "schemas": [],
        "only": None,
        "dimensions": [],
        "rules": ["/schema/orders/properties/id/type"],
        "tags": [],
        "where": [],
        "metadata_only": False,
        "selected": 1,
        "left_out": 8,
    }


def test_a_filter_narrows_rows_and_hides_no_duplicate(assay, shop):
    done = assay("check", shop, "--where", "amount >= 0 AND id = 1", "--format", "json")

    outcomes = {
        each["clause"].rpartition("/")[2]: each["outcome"] for each in done.document["results"]
    }
    assert outcomes["minimum"] == "passed"
    assert outcomes["unique"] == "failed"


def test_a_filter_may_begin_with_a_minus(assay, shop):
    done = assay("check", shop, "--where", "-amount < 0", "--rule", "enough", "--format", "json")

    assert done.document["results"][-2]["reason"] == "row count 2 is not greater than 2"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--rule", "enogh"], "there is no rule 'enogh' (did you mean 'enough'?); known: enough"),
        (["--schema", "order"], "there is no schema 'order' (did you mean 'orders'?)"),
        (["--tag", "mony"], "there is no tag 'mony' (did you mean 'money'?); known: demo, money"),
        (["--dimension", "x"], "there is no dimension 'x'; known: accuracy, completeness"),
        (["--server", "her"], "there is no server 'her' (did you mean 'here'?); known: here"),
        (["--server", "her", "--dry-run"], "there is no server 'her' (did you mean 'here'?)"),
        (["--dry-run", "--junit", "x"], "--dry-run judges nothing"),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error_that_lists_what_can(assay, shop, options, message):
    done = assay("check", shop, *options)

    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"assay: {message}")


def test_two_documents_on_stdout_are_refused(assay, shop):
    done = assay("check", shop, "--junit", "-", "--format", "json")

    assert (done.status, done.out) == (2, "")
    assert json.loads(done.err)["detail"].startswith("stdout holds one document")


def test_a_plan_is_told_without_a_look_at_any_data(assay, shop, tmp_path):
    (tmp_path / "orders.csv").unlink()

    done = assay("check", shop, "--dry-run", "--only", "quality")

    assert (done.status, done.err) == (0, "")
    assert (
        done.out
        == """\
shop 1.0.0 on server here: the plan; no data was read
9 clauses, 1 would be judged
asked for: --only quality

Great Expectations: 1 clause
  orders  row_count  more than 2 rows  high

not judged: not selected (7 clauses)

not judged: a promise for people (1 clause)
  orders  text  Somebody looks at it.
"""
    )


def test_programs_are_told_the_plan_clause_by_clause(assay, shop):
    done = assay("check", shop, "--dry-run", "--format", "json")

    assert done.document["coverage"] == {
        "clauses": 9,
        "planned": 8,
        "skipped": {"a promise for people": 1},
    }
    assert [each["skipped"] for each in done.document["plan"]] == [None] * 8 + [
        "a promise for people"
    ]
    assert done.document["plan"][0] == {
        "clause": "/schema/orders/object_present",
        "pointer": "/schema/0",
        "kind": "object_present",
        "schema": "orders",
        "column": None,
        "engine": "pandera",
        "severity": "high",
        "blocking": True,
        "dimension": "conformity",
        "threshold": "exists",
        "skipped": None,
    }


def test_only_what_needs_no_scan_can_be_asked(assay, shop):
    done = assay("check", shop, "--metadata-only")

    assert done.status == 0
    assert "passed   orders: 3 clauses (object_present, 2 column_present)\n" in done.out
    assert "needs a scan: its type is that of texts: 2 clauses (2 type)\n" in done.out


def test_build_servers_are_told_in_files_and_notes(assay, shop, tmp_path):
    done = assay("check", shop, "--github", "--junit", "out/j.xml", "--sarif", "s.sarif")

    assert done.status == 1
    assert (
        "::error file=shop.odcs.yaml,line=19,col=20,title=orders.amount minimum::"
        "1 of 3 rows is below 0%0Apromised: at least 0\n"
    ) in done.out
    assert '<failure type="minimum"' in (tmp_path / "out/j.xml").read_text()
    results = json.loads((tmp_path / "s.sarif").read_text())["runs"][0]["results"]
    assert {each["ruleId"] for each in results} == {"minimum", "unique"}


def test_rows_are_in_no_file_unless_they_are_asked_for(assay, shop):
    without = assay("check", shop, "--junit", "-")
    asked = assay("check", shop, "--junit", "-", "--evidence", "1")

    assert without.out.startswith("<?xml")
    assert "amount = -1" not in without.out
    assert "amount = -1" in asked.out


def test_an_invalid_contract_is_told_to_build_servers_too(assay, tmp_path):
    (tmp_path / "x.yaml").write_text("id: 1\n")

    done = assay("check", "x.yaml", "--github", "--junit", "-")

    assert done.status == 3
    assert done.out.startswith("<?xml")
    assert "<failure " in done.out
    assert "::error file=x.yaml,line=1," in done.err
