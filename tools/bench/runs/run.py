"""The table of the runs."""

import sys
from collections.abc import Collection, Iterable
from typing import Final

from rich.console import Console
from rich.table import Table

from tools.bench.runs.cases import CASES, Figure

NAMES: Final = tuple(CASES)
_HEADINGS: Final = ("case", "p50 ms", "p95 ms", "p99 ms", "per s", "s", "aim", "note")
_NUMBERS: Final = range(1, 6)


def run(*, database: str, only: Collection[str] = (), runs: int = 500) -> None:
    """Measure the cases of ``only`` (all of them, if empty) and print one table.

    Args:
        database: sqlite or postgresql.
        only: Names of cases.
        runs: How many the memory of a worker is looked at over.
    """
    console = Console(width=None if sys.stdout.isatty() else 160)
    table = Table(box=None, pad_edge=False)
    for place, heading in enumerate(_HEADINGS):
        table.add_column(heading, justify="right" if place in _NUMBERS else "left", overflow="fold")
    for figure in _measured(database, only, runs):
        table.add_row(*cells(figure))
    console.print(table)


def cells(figure: Figure) -> tuple[str, ...]:
    """One text for each heading; an aim that was not reached says so."""
    short = ": falls short" if figure.met is False else ""
    return (
        figure.name,
        *(_shown(part, 0) for part in (figure.p50, figure.p95, figure.p99)),
        *(_shown(part, 1) for part in (figure.per_second, figure.seconds)),
        figure.aim + short,
        figure.note,
    )


def _measured(database: str, only: Collection[str], runs: int) -> Iterable[Figure]:
    for name, case in CASES.items():
        if not only or name in only:
            yield from case(database, runs)


def _shown(figure: float | None, digits: int) -> str:
    return "" if figure is None else f"{figure:,.{digits}f}"
