"""Verdicts that other systems are known to get wrong."""

from pathlib import Path

from checks.location import Limits
from checks.model import Report
from contracts.parse import parse
from tests.cast import Clock
from usecases.judge import judge_locally

HEAD = """\
apiVersion: v3.2.0
kind: DataContract
id: orders
version: 1.0.0
status: active
servers:
  - {server: first, type: local, path: orders.csv, format: csv}
  - {server: second, type: postgresql, host: 127.0.0.1, port: 1, database: none, schema: public}
"""
ROWS = "id,amount,at\n1,5,2026-01-01\n2,,2026-01-02\n3,x,2026-01-03\n4,-1,2026-01-04\n"


def check(folder: Path, clock: Clock, body: str, *, server: str | None = None) -> Report:
    (folder / "orders.csv").write_text(ROWS)
    contract = parse((HEAD + body).encode())
    limits = Limits(memory_mb=256)
    return judge_locally(contract, server=server, folder=folder, limits=limits, clock=clock)


def outcomes(report: Report) -> dict[str, str]:
    """By the last parts of each clause's key, of those under a column or of a service level."""
    return {
        result.clause.key.removeprefix("/schema/orders/properties/"): result.outcome.value
        for result in report.results
    }


def test_two_rules_of_one_metric_on_one_target_have_a_verdict_each(tmp_path, clock):
    body = """
schema:
  - name: orders
    properties:
      - name: amount
        quality:
          - {metric: nullValues, mustBe: 0}
          - {metric: nullValues, mustBeLessThan: 50, unit: percent}
          - {metric: nullValues, mustBeLessThan: 10, unit: percent}
"""

    report = check(tmp_path, clock, body)

    found = [each for each in report.results if "/quality/" in each.clause.key]
    assert [each.outcome.value for each in found] == ["failed", "passed", "failed"]
    assert [each.finding.measured for each in found] == [1, 25.0, 25.0]
    assert len({each.clause.key for each in found}) == 3


def test_a_soft_and_a_hard_rule_on_one_column_do_not_soften_each_other(tmp_path, clock):
    body = """
schema:
  - name: orders
    properties:
      - name: amount
        quality:
          - {id: hard, metric: nullValues, mustBe: 0, severity: critical}
          - {id: soft, metric: nullValues, mustBe: 0, severity: info}
          - {id: soft-kept, metric: nullValues, mustBeLessThan: 2, severity: info}
"""

    report = check(tmp_path, clock, body)

    found = {each.clause.key.rpartition("/")[2]: each for each in report.results}
    assert (found["hard"].outcome.value, found["hard"].clause.blocking) == ("failed", True)
    assert (found["soft"].outcome.value, found["soft"].clause.blocking) == ("failed", False)
    assert found["soft-kept"].outcome.value == "passed"
    assert report.outcome.value == "failed"


def test_two_freshness_promises_on_one_element_are_accounted_for_alike(tmp_path, clock):
    body = """
schema: [{name: orders, properties: [{name: at, logicalType: date}]}]
slaProperties:
  - {property: freshness, value: 1, unit: d, element: orders.at}
  - {property: freshness, value: 30, unit: d, element: orders.at}
"""

    report = check(tmp_path, clock, body)

    found = [each for each in report.results if each.clause.key.startswith("/slaProperties")]
    assert len({each.clause.key for each in found}) == 2
    assert [(each.outcome.value, each.finding.reason) for each in found] == [
        ("skipped", "not supported yet")
    ] * 2


def test_an_unreachable_second_server_does_not_disturb_the_first(tmp_path, clock):
    body = "schema: [{name: orders, properties: [{name: id, logicalType: integer}]}]\n"

    first = check(tmp_path, clock, body)

    assert (first.server, first.outcome.value) == ("first", "passed")


def test_an_unreachable_server_is_errored_and_neither_failed_nor_green(tmp_path, clock):
    body = "schema: [{name: orders, properties: [{name: id, logicalType: integer}]}]\n"

    second = check(tmp_path, clock, body, server="second")

    assert (second.server, second.outcome.value) == ("second", "errored")
    judged = {each.outcome.value for each in second.results if not each.clause.skipped}
    assert judged == {"errored"}


def test_a_bad_cell_in_a_csv_fails_its_type_and_leaves_all_else_judged(tmp_path, clock):
    body = """
schema:
  - name: orders
    properties:
      - name: id
        logicalType: integer
        unique: true
      - name: amount
        logicalType: integer
        logicalTypeOptions: {minimum: 0}
        quality: [{id: nulls, metric: nullValues, mustBeLessThan: 2}]
    quality: [{id: rows, metric: rowCount, mustBe: 4}]
"""

    report = check(tmp_path, clock, body)

    told = outcomes(report)
    assert told["id/unique"] == told["amount/quality/nulls"] == "passed"
    assert told["/schema/orders/quality/rows"] == "passed"
    assert told["amount/minimum"] == "failed"
    broken = next(each for each in report.results if each.clause.key.endswith("amount/type"))
    assert (broken.outcome.value, broken.finding.failed_rows) == ("failed", 1)
    assert broken.finding.evidence
    assert broken.finding.evidence.rows == ((3, "x"),)
