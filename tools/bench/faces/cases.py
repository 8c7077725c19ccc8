"""What is asked of the service and of the command line, and how often.

A page or an answer more is one more ``Read``.
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tools.bench.children.start import ROOT
from tools.bench.faces.service import LARGE, PRODUCT

_ASSAY: Final = str(Path(sys.executable).with_name("assay"))
_CONTRACT: Final = str(ROOT / "examples" / "orders.odcs.yaml")
_SCORECARD: Final = f"/api/v1/products/{PRODUCT}/scorecard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """An address that is read again and again over connections kept open.

    Attributes:
        requests: How many times, over all connections.
        connections: How many ask at once.
        cache: Seconds for which the service keeps its hottest answers.
        wanted: Answers a second that we mean to give; None where nothing was said.
        within: Milliseconds that half of the answers may take; None where nothing was said.
    """

    name: str
    path: str
    requests: int
    cache: float = 0.0
    connections: int = 16
    wanted: int | None = None
    within: float | None = None
    accept: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of which the wall time counts, beside a Python that does nothing."""

    name: str
    words: tuple[str, ...]
    runs: int = field(default=5)


READS: Final = (
    Read(name="scorecard", path=_SCORECARD, requests=1500, wanted=800),
    Read(name="scorecard-kept", path=_SCORECARD, requests=20_000, cache=1.0, wanted=4000),
    Read(name="product", path=f"/api/v1/products/{PRODUCT}", requests=1500),
    Read(name="products", path="/api/v1/products", requests=1500),
    Read(name="runs", path="/api/v1/runs", requests=1500),
    Read(
        name="page",
        path=f"/products/{LARGE}",
        requests=300,
        connections=1,
        within=15.0,
        accept="text/html",
    ),
)
COMMANDS: Final = (
    Command(name="version", words=(_ASSAY, "--version")),
    Command(name="lint", words=(_ASSAY, "lint", _CONTRACT)),
)
NAMES: Final = tuple(case.name for case in (*READS, *COMMANDS))
