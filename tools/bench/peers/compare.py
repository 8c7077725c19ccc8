"""Whole processes side by side, in turn: Assay, other tools, and the hand-written statement."""

import os
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tools.bench import planting, rules, tiny, verdicts
from tools.bench.cases import CACHE, WARM, Lines
from tools.bench.children.start import ask
from tools.bench.cost import Cost, cold, middle
from tools.bench.peers.assay import Assay
from tools.bench.peers.datacontract import Datacontract
from tools.bench.peers.peer import MEMORY_MB, Command, Peer, Work
from tools.bench.peers.soda import Soda
from tools.bench.table import Row

_RUNS: Final = 3
_ENVIRONMENTS: Final = CACHE / "peers"


@dataclass(slots=True)
class _Measured:
    """The runs of one tool so far, and what it answered last."""

    peer: Peer
    costs: list[Cost] = field(default_factory=list)
    answer: str = ""

    def run(self, work: Work) -> None:
        """Once more."""
        command = self.peer.command(work)
        self.costs.append(_run(command))
        self.answer = command.answer.read_text() if command.answer.exists() else ""


def on_lines(scale: str, variant: str) -> list[Row]:
    """The 26 rules by every tool; ratios are to the hand-written statement run in each round."""
    lines = Lines.of(scale, variant)
    wanted = rules.rules(lines.rows)
    measured = [_Measured(peer) for peer in _peers(samples=variant == "bad")]
    by_hand: list[float] = []
    with TemporaryDirectory(prefix="assay-bench-") as folder:
        work = Work(data=lines.place, folder=Path(folder), rows=lines.rows, rules=wanted)
        warm = Lines.of(WARM, variant)
        for _ in range(_RUNS):
            by_hand.append(_by_hand(lines, warm, work))
            for each in measured:
                each.run(work)
    planted = by_rule(work, planting.planted() if variant == "bad" else {})
    hand = statistics.median(by_hand)
    name = f"{variant}, {lines.rows:,} rows, whole process"
    return [_row(each, work, planted, name=name, hand=hand) for each in measured]


def on_few() -> list[Row]:
    """The 26 rules on few lines: what starting costs each tool, whatever the data."""
    return [replace(row, ratio=None) for row in on_lines(WARM, "clean")]


def on_tiny() -> list[Row]:
    """Ten rows without quality clauses, cold: what starting costs."""
    peer = Datacontract(_ENVIRONMENTS)
    with TemporaryDirectory(prefix="assay-bench-") as folder:
        plain, _ = tiny.write(Path(folder))
        commands = {
            "assay check": [*Assay().program(), "check", str(plain)],
            peer.name: peer.test(plain),
        }
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for _ in range(_RUNS):
            for name, command in commands.items():
                costs[name].append(cold(command, Path(folder)))
    return [
        Row(name=f"10-row CSV, cold: {name}", cost=middle(runs), note="no quality clauses")
        for name, runs in costs.items()
    ]


def by_rule(work: Work, planted: Mapping[str, int]) -> dict[str, int]:
    """By name of the rule: the rows that break it; only of rules that are broken."""
    found: dict[str, int] = {}
    for clause, count in planted.items():
        rule = work.rule_of(clause)
        if rule is not None:
            found[rule] = found.get(rule, 0) + count
    return found


def _peers(*, samples: bool) -> Sequence[Peer]:
    found: list[Peer] = [Assay(), Datacontract(_ENVIRONMENTS), Soda(_ENVIRONMENTS)]
    lists_rows = Datacontract(_ENVIRONMENTS, samples=True)
    return [*found, lists_rows, Assay(evidence=False)] if samples else found


def _run(command: Command) -> Cost:
    environment = {**os.environ, **command.environment}  # noqa: TID251 - a benchmark's child
    output = command.answer if command.said else None
    return cold(command.arguments, command.folder, output=output, environment=environment)


def _by_hand(lines: Lines, warm: Lines, work: Work) -> float:
    """CPU seconds of the statement."""
    asked = {
        "statement": rules.statement(work.rules, "lineitem", duckdb=True),
        "views": lines.files,
        "warm": warm.files,
        "memory_mb": MEMORY_MB,
    }
    return float(ask("hand_duckdb", asked)["cpu"])


def _row(
    measured: _Measured, work: Work, planted: Mapping[str, int], *, name: str, hand: float
) -> Row:
    """The row of one tool; ``hand`` is the CPU of the statement in seconds."""
    cost, peer = middle(measured.costs), measured.peer
    said = peer.verdicts(measured.answer, work) if measured.answer else {}
    untold = [rule.name for rule in work.rules if rule.name not in said]
    notes = [peer.note, f"not told: {', '.join(untold)}" if untold else ""]
    return Row(
        name=f"{name}: {peer.name}",
        cost=cost,
        right=verdicts.summary(verdicts.wrong(said, planted), len(work.rules)),
        ratio=cost.cpu / hand,
        note="; ".join(filter(None, notes)),
    )
