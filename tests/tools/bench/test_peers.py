import json
from pathlib import Path

import pytest

from tools.bench import planting
from tools.bench.peers.assay import Assay
from tools.bench.peers.compare import by_rule
from tools.bench.peers.datacontract import Datacontract
from tools.bench.peers.peer import Work
from tools.bench.peers.soda import Soda
from tools.bench.rules import rules
from tools.bench.verdicts import Said

RULES = rules(600_572)
WORK = Work(data=Path("data"), folder=Path("work"), rows=600_572, rules=RULES)
SODA = """\
| [dataset-level] | no line twice  | level: fail | ❌ FAILED | duplicate_count: 67       |
|                 |                | must be: 0  |           | duplicate_percent: 0.011  |
|                 | enough-lines   | level: fail | ✅ PASSED | check_rows_tested: 600572 |
| l_tax           | l_tax in range | level: fail | ❌ FAILED | invalid_count: 31         |
"""


@pytest.fixture
def installed(monkeypatch):
    for tool in ("soda", "datacontract"):
        monkeypatch.setattr(f"tools.bench.peers.{tool}.binaries", lambda *_: Path("bin"))


def check(kind: str, field: str | None, result: str, **told: object) -> dict[str, object]:
    return {
        "type": kind,
        "field": field,
        "model": "lineitem",
        "result": result,
        "qualityId": None,
        "diagnostics": told,
    }


def test_what_was_planted_is_known_by_rule():
    found = by_rule(WORK, planting.planted())

    assert len(found) == 15
    assert found["l_discount in range"] == 29


@pytest.mark.usefixtures("installed")
def test_the_table_of_soda_is_read_by_rule():
    said = Soda(Path("cache")).verdicts(SODA, WORK)

    assert said == {
        "no line twice": Said(outcome="failed", failed_rows=134),
        "enough-lines": Said(outcome="passed"),
        "l_tax in range": Said(outcome="failed", failed_rows=31),
    }


@pytest.mark.usefixtures("installed")
def test_both_ends_of_a_range_are_one_rule_of_datacontract():
    checks = [
        check("field_minimum", "l_tax", "passed", value=0),
        check("field_maximum", "l_tax", "failed", value=31),
    ]

    said = Datacontract(Path("cache")).verdicts(json.dumps({"checks": checks}), WORK)

    assert said == {"l_tax in range": Said(outcome="failed", failed_rows=31)}


@pytest.mark.usefixtures("installed")
def test_a_warning_of_datacontract_is_no_verdict():
    checks = [check("field_is_present", "l_tax", "warning")]

    assert Datacontract(Path("cache")).verdicts(json.dumps({"checks": checks}), WORK) == {}


def test_a_query_of_assay_is_counted_by_what_it_measured():
    late = "/schema/lineitem/quality/received-after-shipped"
    result = {"clause": late, "outcome": "failed", "failed_rows": None, "measured": 61}

    said = Assay().verdicts(json.dumps({"results": [result]}), WORK)

    assert said == {"received-after-shipped": Said(outcome="failed", failed_rows=61)}
