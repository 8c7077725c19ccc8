import json
import logging
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
1 clause, 1 judged in 0.84 s: 1 failed

FAILED orders.amount minimum: at least 0  (high)
  3 of 1,000 rows are below 0
    id  amount
     1    [-1]
     2    [-2]
     3    [-3]
  /schema/orders/properties/amount/minimum

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
