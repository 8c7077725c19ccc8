"""The table of the engines: which cases are run, and where their rows go."""

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console

from tools.bench import report, table, tiny
from tools.bench.case import measure
from tools.bench.cases import DATABASE_CASES, cases, drop_database
from tools.bench.children.start import ChildFailed
from tools.bench.cost import cold, middle
from tools.bench.peers.assay import Assay
from tools.bench.peers.compare import on_few, on_lines, on_tiny
from tools.bench.table import Row

_RUNS: Final = 3
_WIDTH: Final = 200  # letters, where there is no terminal that has a width
_TINY: Final = ("csv-warm", "csv-cold")
NAMES: Final = (*cases("1"), *_TINY)
PEERS: Final = ("peers-clean", "peers-bad", "peers-start", "peers-csv")


def run(*, only: Collection[str], peers: bool, write: bool, scale: str) -> None:
    """Measure the cases of ``only`` (all of them, if empty) and print one table.

    Args:
        only: Names of ``NAMES`` and ``PEERS``; one of the latter is run even without ``peers``.
        peers: Whether other tools are measured, too.
        write: Whether the table goes into the document.
        scale: TPC-H factor of the cases that name none.
    """
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH)
    rows: list[Row] = []
    chosen = [name for name in _known(scale) if name in only or not only]
    for name in chosen:
        if name in PEERS and not (peers or only):
            continue
        with console.status(name):
            rows.extend(_rows(name, _known(scale)[name], console))
    if DATABASE_CASES.intersection(chosen):
        drop_database()
    console.print(table.shown(rows))
    if write:
        report.write(rows)


def _known(scale: str) -> dict[str, Callable[[], Iterable[Row]]]:
    """By name, what measures each case, in the order of the table."""
    known: dict[str, Callable[[], Iterable[Row]]] = {}
    for name, make in cases(scale).items():
        known[name] = lambda make=make: measure(make())  # type: ignore[misc]  # bound now, not when called
    known["csv-warm"] = _warm
    known["csv-cold"] = _cold
    known["peers-clean"] = lambda: on_lines(scale, "clean")
    known["peers-bad"] = lambda: on_lines(scale, "bad")
    known["peers-start"] = on_few
    known["peers-csv"] = on_tiny
    return known


def _rows(name: str, measured: Callable[[], Iterable[Row]], console: Console) -> Iterable[Row]:
    """The rows of a case; one that cannot be measured is told and left out."""
    try:
        return measured()
    except ChildFailed as error:
        console.print(f"{name} could not be measured: {error}", markup=False)
        return ()


def _warm() -> Iterable[Row]:
    with TemporaryDirectory(prefix="assay-bench-") as folder:
        _, whole = tiny.write(Path(folder))
        costs = [tiny.warm(whole, Path(folder)) for _ in range(_RUNS)]
    return [Row(name="10-row CSV, warm, both engines", cost=middle(costs))]


def _cold() -> Iterable[Row]:
    program = [*Assay().program(), "check"]
    with TemporaryDirectory(prefix="assay-bench-") as folder:
        contracts = tiny.write(Path(folder))
        names = ("without quality clauses", "both engines")
        return [
            Row(
                name=f"10-row CSV, cold, {name}",
                cost=middle([cold([*program, str(contract)], Path(folder)) for _ in range(_RUNS)]),
                note="assay check",
            )
            for name, contract in zip(names, contracts, strict=True)
        ]
