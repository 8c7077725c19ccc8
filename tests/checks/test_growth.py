"""A pool child judges 300 runs before it is renewed: it must not grow by more than 300 MB."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

_CHILD = """\
import json, sys
from pathlib import Path
from checks.location import Limits
from contracts.clause import Kind
from tests.checks.build import at, clause, column, judged, schema

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

table = schema("orders", column("id", "integer"), column("word", "string"))
asked = [
    clause(Kind.ENUM, "word", values=["a"]),
    clause(Kind.NULL_VALUES, "word", operator="mustBe", value=0),
    clause(Kind.SQL, query="SELECT count(*) FROM orders", operator="mustBe", value=3),
]
sizes = []
for run in range(301):
    found = judged(at(Path(sys.argv[1])), [table], asked, Limits(memory_mb=256))
    sizes.append(resident())
print(json.dumps([sizes[1], sizes[-1], sorted(each.outcome for each in found.values())]))
"""


@pytest.mark.integration
def test_three_hundred_runs_in_one_child_grow_it_by_less_than_300_mb(tmp_path):
    (tmp_path / "orders.csv").write_text("id,word\n1,a\n1,b\n,\n")
    command = [sys.executable, "-c", _CHILD, str(tmp_path)]

    done = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )

    first, last, outcomes = json.loads(done.stdout)
    assert outcomes == ["failed", "failed", "passed"]
    assert last - first < 300, (first, last)
