"""The benchmarks, one table: ``./dev bench``.

Each row is the median of three runs, each a process of its own: CPU and wall seconds, and the peak
memory. Rows named *warm* state the second of two runs inside one process.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from cli.demo.deliveries import Deliveries

_RUNS: Final = 3
_ROOT: Final = Path(__file__).parents[1]
_TINY: Final = """\
apiVersion: v3.2.0
kind: DataContract
id: tiny
version: 1.0.0
status: active
servers: [{server: local, type: local, path: tiny.csv, format: csv}]
schema:
  - name: tiny
    properties:
      - {name: id, logicalType: integer, required: true, unique: true}
      - {name: word, logicalType: string}
"""
_QUALITY: Final = "    quality: [{id: rows, metric: rowCount, mustBe: 10}]\n"
_WARM: Final = """\
import json, resource, sys, time
from pathlib import Path
from checks.location import Limits
from contracts.parse import parse
from runtime.clock import now
from usecases.judge import judge_locally
contract = parse(Path(sys.argv[1]).read_bytes())
for _ in range(2):
    used, began = time.process_time(), time.perf_counter()
    report = judge_locally(contract, server=None, folder=Path("."), limits=Limits(), clock=now)
    spent = time.process_time() - used, time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([*spent, peak, report.outcome, dict(report.phases)]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run took. ``peak`` is in MB."""

    cpu: float
    wall: float
    peak: float
    note: str = ""


def cold(command: list[str], folder: Path) -> Cost:
    """Run a command and return what it took as a whole process."""
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own commands
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    wall = time.perf_counter() - began
    return Cost(cpu=used.ru_utime + used.ru_stime, wall=wall, peak=used.ru_maxrss / 1024)


def warm(contract: Path, folder: Path) -> Cost:
    """Judge twice in one process and return what the second time took."""
    command = [sys.executable, "-c", _WARM, str(contract)]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}  # noqa: TID251 - a benchmark's child
    done = subprocess.run(  # noqa: S603 - our own script
        command, cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    cpu, wall, peak, outcome, phases = json.loads(done.stdout)
    spent = ", ".join(f"{name} {1000 * seconds:.0f} ms" for name, seconds in phases.items())
    return Cost(cpu=cpu, wall=wall, peak=peak / 1024, note=f"{outcome}: {spent}")


def cases(folder: Path) -> Iterator[tuple[str, Callable[[], Cost]]]:
    """Make the data, and yield what is measured by name."""
    assay = str(Path(sys.executable).with_name("assay"))
    (folder / "tiny.csv").write_text("id,word\n" + "".join(f"{n},w\n" for n in range(10)))
    plain, whole = folder / "plain.yaml", folder / "whole.yaml"
    plain.write_text(_TINY)
    whole.write_text(_TINY + _QUALITY)
    yield "assay --version", lambda: cold([assay, "--version"], folder)
    yield "assay lint, a small contract", lambda: cold([assay, "lint", str(whole)], folder)
    yield "assay check, 10 rows, Pandera only", lambda: cold([assay, "check", str(plain)], folder)
    yield "assay check, 10 rows, both engines", lambda: cold([assay, "check", str(whole)], folder)
    yield "warm, 10 rows, both engines", lambda: warm(whole, folder)
    Deliveries(folder=folder).make()
    for name in ("orders", "lineitems"):
        contract = _ROOT / "examples" / f"{name}.odcs.yaml"
        yield f"warm, TPC-H 0.1 {name}", partial(warm, contract, folder)


def main() -> None:
    """Measure everything and print the table."""
    table = Table("case", "CPU s", "wall s", "peak MB", "", box=None, pad_edge=False)
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        for name, measure in cases(Path(folder)):
            costs = [measure() for _ in range(_RUNS)]
            figures = (
                f"{statistics.median(cost.cpu for cost in costs):.2f}",
                f"{statistics.median(cost.wall for cost in costs):.2f}",
                f"{max(cost.peak for cost in costs):.0f}",
            )
            table.add_row(name, *figures, costs[-1].note)
    Console().print(table)


if __name__ == "__main__":
    main()
