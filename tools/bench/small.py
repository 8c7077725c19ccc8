"""The small table: what the command line takes, cold and warm.

Each row is the median of three runs, each a process of its own: CPU and wall seconds, and the peak
memory. Rows named *warm* state the second of two runs inside one process.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from rich.table import Table

from cli.demo.cast import CAST
from cli.demo.deliveries import Deliveries
from tools.bench import tiny
from tools.bench.children.start import ROOT
from tools.bench.cost import Cost, cold, middle

_RUNS: Final = 3


def cases(folder: Path) -> Iterator[tuple[str, Callable[[], Cost]]]:
    """Make the data, and yield what is measured by name."""
    assay = str(Path(sys.executable).with_name("assay"))
    plain, whole = tiny.write(folder)
    yield "assay --version", lambda: cold([assay, "--version"], folder)
    yield "assay lint, a small contract", lambda: cold([assay, "lint", str(whole)], folder)
    yield "assay check, 10 rows, Pandera only", lambda: cold([assay, "check", str(plain)], folder)
    yield "assay check, 10 rows, both engines", lambda: cold([assay, "check", str(whole)], folder)
    yield "warm, 10 rows, both engines", lambda: tiny.warm(whole, folder)
    lake = folder / "lake"
    lake.mkdir()
    Deliveries(folder=lake, cast=CAST).make()
    for name in ("orders", "lineitems"):
        contract = ROOT / "examples" / f"{name}.odcs.yaml"
        yield f"warm, TPC-H 0.1 {name}", partial(tiny.warm, contract, lake)


def measure() -> Table:
    """Measure everything and return the table."""
    table = Table("case", "CPU s", "wall s", "peak MB", "", box=None, pad_edge=False)
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        for name, run in cases(Path(folder)):
            cost = middle([run() for _ in range(_RUNS)])
            figures = f"{cost.cpu:.2f}", f"{cost.wall:.2f}", f"{cost.peak:.0f}"
            table.add_row(name, *figures, cost.note)
    return table
