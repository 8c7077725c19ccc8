"""What every tool is asked, in the same words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from tools.bench.rules import Rule
from tools.bench.verdicts import Said

MEMORY_MB: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The 26 rules on one variant of the line items.

    Attributes:
        data: Folder of ``lineitem.parquet`` and ``orders.parquet``.
        folder: Where a tool may write what it needs.
    """

    data: Path
    folder: Path
    rows: int
    rules: Sequence[Rule]

    def rule_of(self, clause: str) -> str | None:
        """Name of the rule that the clause of this key is part of; None when it is of none."""
        return next((rule.name for rule in self.rules if clause in rule.clauses), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One run: a program with arguments, where it runs, and the file that holds its answer.

    Attributes:
        said: Whether its answer is its standard output.
        environment: Variables of its own.
    """

    arguments: Sequence[str]
    folder: Path
    answer: Path
    said: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


class Peer(Protocol):
    """A tool that can be told the rules."""

    name: str
    note: str
    """What it cannot say of the rules."""

    def command(self, work: Work) -> Command:
        """Write what the tool needs, and return how it is run."""
        ...

    def verdicts(self, answer: str, work: Work) -> Mapping[str, Said]:
        """What it said, by name of the rule; rules that it cannot say are not there."""
        ...


def gathered(said: Mapping[str, Said], work: Work) -> dict[str, Said]:
    """What was said of clauses as what was said of rules: counts added up, the worst outcome."""
    found: dict[str, Said] = {}
    for clause, each in said.items():
        rule = work.rule_of(clause)
        if rule is None:
            continue
        before = found.get(rule, Said(outcome="passed"))
        counts = [one.failed_rows for one in (before, each) if one.failed_rows is not None]
        found[rule] = Said(
            outcome=each.outcome if each.outcome != "passed" else before.outcome,
            failed_rows=sum(counts) if counts else None,
        )
    return found
