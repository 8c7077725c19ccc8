"""What a check would do (``--dry-run``), for people and for programs."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from rich.text import Text

from checks.plan import CheckPlan
from checks.selection import NOT_SELECTED
from cli.output import FAINT, STRONG, Part, indented, line, plural, room, table
from contracts.clause import Clause
from contracts.model import Contract
from contracts.values import Json
from usecases.judge import Planned

_ENGINES: Final = {"pandera": "Pandera", "great_expectations": "Great Expectations"}


def render(contract: Contract, planned: Planned, chosen: Sequence[str]) -> list[Text]:
    """Return the plan whole: each clause with its engine, then the others by reason."""
    plan = planned.plan
    server = f" on server {planned.server}" if planned.server else ""
    skipped = [each for each in planned.promised if each.key in plan.skipped]
    judged = len(planned.promised) - len(skipped)
    lines = [
        line(
            (f"{contract.id} {contract.version}", STRONG), f"{server}: the plan; no data was read"
        ),
        line(f"{plural(len(planned.promised), 'clause')}, {judged:,} would be judged"),
    ]
    if chosen:
        lines.append(line(("asked for: ", FAINT), ", ".join(chosen)))
    return [*lines, *_judged(plan), *_unjudged(plan, skipped)]


def _judged(plan: CheckPlan) -> Iterator[Text]:
    """The clauses that are judged, by engine."""
    for engine, objects in plan.engines.items():
        count = plural(len(plan.clauses(engine)), "clause")
        yield from (Text(), line((_ENGINES[engine.value], STRONG), f": {count}"))
        rows = [_row(clause) for part in objects.values() for clause in part]
        yield from indented(table(("", "", "", ""), rows, within=_inside()), 2)


def _unjudged(plan: CheckPlan, skipped: Sequence[Clause]) -> Iterator[Text]:
    """The clauses that are not judged, by reason."""
    reasons: dict[str, list[Clause]] = {}
    for clause in skipped:
        reasons.setdefault(plan.skipped[clause.key], []).append(clause)
    for reason, clauses in reasons.items():
        count = plural(len(clauses), "clause")
        yield from (Text(), line(("not judged", STRONG), f": {reason} ({count})"))
        yield from _names(reason, clauses)


def as_document(contract: Contract, planned: Planned) -> dict[str, Json]:
    """Return the plan for programs; ``skipped`` of a clause is null where it would be judged."""
    skipped = planned.plan.skipped
    return {
        "contract": {"id": contract.id, "version": contract.version},
        "server": planned.server,
        "coverage": {
            "clauses": len(planned.promised),
            "planned": len(planned.promised) - len(skipped),
            "skipped": dict(Counter(skipped.values())),
        },
        "plan": [_entry(clause, skipped.get(clause.key)) for clause in planned.promised],
    }


def _inside() -> int | None:
    width = room()
    return None if width is None else width - 2


def _row(clause: Clause) -> list[Part]:
    return [_place(clause), clause.kind.value, clause.threshold, (clause.severity.value, FAINT)]


def _place(clause: Clause) -> str:
    return ".".join(part for part in (clause.schema, clause.column) if part) or "contract"


def _names(reason: str, clauses: Sequence[Clause]) -> list[Text]:
    """The clauses one by one; those that nobody asked for are only counted."""
    if reason == NOT_SELECTED:
        return []
    rows: list[list[Part]] = [
        [_place(clause), clause.kind.value, clause.threshold] for clause in clauses
    ]
    return indented(table(("", "", ""), rows, within=_inside()), 2)


def _entry(clause: Clause, skipped: str | None) -> dict[str, Json]:
    return {
        "clause": clause.key,
        "pointer": clause.pointer,
        "kind": clause.kind.value,
        "schema": clause.schema,
        "column": clause.column,
        "engine": clause.engine.value if clause.engine else None,
        "severity": clause.severity.value,
        "blocking": clause.blocking,
        "dimension": clause.dimension.value if clause.dimension else None,
        "threshold": clause.threshold,
        "skipped": skipped,
    }
