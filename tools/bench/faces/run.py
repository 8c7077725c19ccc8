"""The table of the faces: answers a second of the service, wall time of the command line."""

import statistics
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tools.bench.children.start import ROOT, ask
from tools.bench.cost import cold
from tools.bench.faces.cases import COMMANDS, READS, Command, Read
from tools.bench.faces.service import Service, served
from tools.bench.servers import own_seconds

_WARM: Final = 100  # requests before those that count
_HEADINGS: Final = ("case", "per s", "p50 ms", "p95 ms", "CPU ms", "wall s", "ratio", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured thing; what does not apply is empty.

    Attributes:
        per_second: Answers a second.
        p50: Milliseconds that half of the answers took at most; likewise ``p95``.
        cpu: Milliseconds of the server's CPU for each answer.
        wall: Seconds that a command took.
        ratio: Those seconds to those of a Python that does nothing.
    """

    name: str
    per_second: float | None = None
    p50: float | None = None
    p95: float | None = None
    cpu: float | None = None
    wall: float | None = None
    ratio: float | None = None
    note: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """One text for each heading."""
        return (
            self.name,
            _shown(self.per_second, 0),
            *(_shown(figure, 1) for figure in (self.p50, self.p95)),
            *(_shown(figure, 2) for figure in (self.cpu, self.wall)),
            _shown(self.ratio, 1),
            self.note,
        )


def run(*, only: Collection[str] = ()) -> None:
    """Measure the cases of ``only`` (all of them, if empty) and print one table."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    table = Table(box=None, pad_edge=False)
    for place, heading in enumerate(_HEADINGS):
        table.add_column(heading, justify="right" if 0 < place < len(_HEADINGS) - 1 else "left")
    for row in (*_reads(only), *_commands(only)):
        table.add_row(*row.cells)
    console.print(table)


def _reads(only: Collection[str]) -> Iterable[Row]:
    """Measure what is read, with one service for each setting of its cache."""
    chosen = [case for case in READS if not only or case.name in only]
    for seconds, cases in groupby(sorted(chosen, key=_cache), key=_cache):
        with served({"ASSAY_CACHE_SECONDS": str(seconds)}) as service:
            for case in cases:
                yield _read(case, service)


def _cache(case: Read) -> float:
    return case.cache


def _read(case: Read, service: Service) -> Row:
    asked = {
        "port": service.port,
        "path": case.path,
        "headers": {"Authorization": f"Bearer {service.token}", "Accept": case.accept},
        "connections": case.connections,
        "requests": _WARM,
    }
    ask("load", asked)
    before = own_seconds(service.process)
    told = ask("load", {**asked, "requests": case.requests})
    spent = own_seconds(service.process) - before
    return Row(
        name=case.name,
        per_second=told["per_second"],
        p50=1000 * told["p50"],
        p95=1000 * told["p95"],
        cpu=1000 * spent / case.requests,
        note=note(case, told["per_second"], 1000 * told["p50"]),
    )


def note(case: Read, reached: float, middle: float) -> str:
    """Say how the case was served, and whether that is what was wanted.

    Args:
        case: What was asked.
        reached: Answers a second.
        middle: Milliseconds that half of the answers took at most.
    """
    kept = f"kept for {case.cache:g} s" if case.cache else "made anew each time"
    if case.within is not None:
        late = "" if middle <= case.within else ": falls short"
        return f"{kept}; wanted {case.within:g} ms{late}"
    if case.wanted is None:
        return kept
    short = "" if reached >= case.wanted else ": falls short"
    return f"{kept}; wanted {case.wanted:,}{short}"


def _commands(only: Collection[str]) -> Iterable[Row]:
    for case in COMMANDS:
        if not only or case.name in only:
            yield _command(case)


def _command(case: Command) -> Row:
    """Run it and a Python that does nothing in turn; the medians count."""
    bare, taken = [], []
    folder = Path(ROOT)
    for _ in range(case.runs):
        bare.append(cold([sys.executable, "-c", "pass"], folder).wall)
        taken.append(cold(list(case.words), folder).wall)
    wall, nothing = statistics.median(taken), statistics.median(bare)
    note = f"python -c pass: {nothing:.3f} s"
    return Row(name=f"assay {case.name}", wall=wall, ratio=wall / nothing, note=note)


def _shown(figure: float | None, digits: int) -> str:
    return "" if figure is None else f"{figure:,.{digits}f}"
