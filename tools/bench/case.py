"""One case: a contract judged by Assay, in turn with one statement written by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.bench import verdicts
from tools.bench.children.start import ask
from tools.bench.cost import Cost, middle
from tools.bench.rules import Rule
from tools.bench.table import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is measured.

    Attributes:
        contract: File of the contract; likewise ``warm_contract``, for the small table.
        folder: Where the data lies, for the contract's paths; likewise ``warm_folder``.
        rules: What the hand-written statement counts, in its order.
        planted: By key of the clause: the rows that break it.
        by_hand: Which process runs the statement, and what it needs to know beside it.
        memory_mb: What DuckDB may use, in both.
        runs: How often both are run, in turn.
        postmaster: Process id of the server that holds the data; None for files.
    """

    name: str
    contract: Path
    folder: Path
    warm_contract: Path
    warm_folder: Path
    rules: Sequence[Rule]
    planted: Mapping[str, int]
    by_hand: tuple[str, Mapping[str, Any]]
    memory_mb: int = 1024
    runs: int = 3
    postmaster: int | None = None
    note: str = field(default="")


def measure(case: Case) -> list[Row]:
    """Run both in turn and return Assay's row, then that of the statement."""
    judged: list[Mapping[str, Any]] = []
    counted: list[Mapping[str, Any]] = []
    for _ in range(case.runs):
        judged.append(ask("judge", _asked(case)))
        process, asked = case.by_hand
        counted.append(ask(process, {**asked, "memory_mb": case.memory_mb}))
    return rows(case, judged, counted)


def rows(
    case: Case, judged: Sequence[Mapping[str, Any]], counted: Sequence[Mapping[str, Any]]
) -> list[Row]:
    """The two rows from what the processes wrote; a fault in any of the runs tells."""
    ours, theirs = middle([_cost(run) for run in judged]), middle([_cost(run) for run in counted])
    faults = [_faults(case, run) for run in judged]
    amiss = [verdicts.miscounted(run["counts"], case.rules, case.planted) for run in counted]
    statements = {len(run["statements"]) for run in judged}
    return [
        Row(
            name=case.name,
            cost=ours,
            statements="/".join(map(str, sorted(statements))),
            right=verdicts.summary(max(faults, key=len), len(judged[0]["said"])),
            ratio=ours.cpu / theirs.cpu,
            note=case.note,
        ),
        Row(
            name=f"{case.name}: by hand",
            cost=theirs,
            statements="1",
            right=verdicts.summary(max(amiss, key=len), len(case.rules)),
            ratio=1.0,
        ),
    ]


def _faults(case: Case, run: Mapping[str, Any]) -> list[str]:
    said = {
        key: verdicts.Said(outcome=outcome, failed_rows=failed, measured=measured)
        for key, (outcome, failed, measured) in run["said"].items()
    }
    return verdicts.wrong(said, case.planted)


def _cost(run: Mapping[str, Any]) -> Cost:
    return Cost(cpu=run["cpu"], wall=run["wall"], peak=run["peak"])


def _asked(case: Case) -> Mapping[str, Any]:
    return {
        "contract": case.contract,
        "folder": case.folder,
        "memory_mb": case.memory_mb,
        "postmaster": case.postmaster,
        "warm": {"contract": case.warm_contract, "folder": case.warm_folder},
    }
