"""The rows of the benchmark, on the terminal and in a document."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.table import Table

from tools.bench.cost import Cost

HEADINGS: Final = (
    "case",
    "CPU s",
    "wall s",
    "peak MB",
    "data statements",
    "counts right",
    "CPU ratio",
    "note",
)
_RIGHT: Final = "right"
_ALIGNED: Final = ("", _RIGHT, _RIGHT, _RIGHT, _RIGHT, "", _RIGHT, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured thing.

    Attributes:
        statements: How many statements read data; empty when nobody counted.
        right: ``yes``, or what was not right; empty when there is nothing to be right about.
        ratio: Its CPU seconds to those of the hand-written statement beside it; None without one.
    """

    name: str
    cost: Cost
    statements: str = ""
    right: str = ""
    ratio: float | None = None
    note: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """One text for each of ``HEADINGS``."""
        return (
            self.name,
            f"{self.cost.cpu:.2f}",
            f"{self.cost.wall:.2f}",
            f"{self.cost.peak:,.0f}",
            self.statements,
            self.right,
            "" if self.ratio is None else f"{self.ratio:.2f}",
            "; ".join(filter(None, (self.note, self.cost.note))),
        )


def shown(rows: Iterable[Row]) -> Table:
    """The table for a terminal."""
    table = Table(box=None, pad_edge=False)
    for heading, aligned in zip(HEADINGS, _ALIGNED, strict=True):
        table.add_column(heading, justify="right" if aligned else "left", overflow="fold")
    for row in rows:
        table.add_row(*row.cells)
    return table


def markdown(rows: Sequence[Row]) -> str:
    """The table for a document."""
    rule = ["---:" if aligned else "---" for aligned in _ALIGNED]
    lines = [HEADINGS, rule, *(row.cells for row in rows)]
    return "\n".join(f"| {' | '.join(_escaped(cells))} |" for cells in lines)


def _escaped(cells: Iterable[str]) -> list[str]:
    return [cell.replace("|", "\\|") for cell in cells]
