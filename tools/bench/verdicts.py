"""What was said of every clause or rule, held against what was planted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tools.bench.rules import Rule

_TOLD: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an engine said of one clause: its outcome, and what it counted or measured."""

    outcome: str
    failed_rows: int | None = None
    measured: object = None


def wrong(said: Mapping[str, Said], planted: Mapping[str, int]) -> list[str]:
    """What is not right, a sentence each; empty when all is.

    Args:
        said: By key of the clause; all clauses of the contract.
        planted: By key: rows that break the clause; one that is not there is kept by all rows.
    """
    absent = [f"{key}: no such clause" for key in planted if key not in said]
    told = ((key, _wrong(each, planted.get(key, 0))) for key, each in said.items())
    return absent + [f"{key}: {sentence}" for key, sentence in told if sentence]


def _wrong(said: Said, failed: int) -> str:
    expected = "failed" if failed else "passed"
    if said.outcome != expected:
        return f"{said.outcome}, not {expected}"
    counted = said.failed_rows if said.failed_rows is not None else said.measured
    if failed and counted != failed:
        return f"{counted} rows failed, not {failed}"
    if not failed and said.failed_rows:
        return f"passed with {said.failed_rows} failed rows"
    return ""


def miscounted(
    counts: Sequence[int], wanted: Sequence[Rule], planted: Mapping[str, int]
) -> list[str]:
    """What the hand-written statement counted wrongly, a sentence each.

    Args:
        counts: One for each of ``wanted``, in their order.
        wanted: The rules.
        planted: As of ``wrong``.
    """
    found = []
    for rule, count in zip(wanted, counts, strict=True):
        expected = sum(planted.get(clause, 0) for clause in rule.clauses)
        if count != expected:
            found.append(f"{rule.name}: {count}, not {expected}")
    return found


def summary(problems: Sequence[str], clauses: int) -> str:
    """``yes``, or how many of ``clauses`` are not right and in what way, most frequent first."""
    if not problems:
        return "yes"
    ways = Counter(problem.rsplit(": ", 1)[-1] for problem in problems)
    told = [f"{count} {way}" for way, count in ways.most_common(_TOLD)]
    more = len(ways) - len(told)
    rest = [f"{more} more ways"] if more > 0 else []
    return f"no, {len(problems)} of {clauses}: " + "; ".join([*told, *rest])
