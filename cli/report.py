"""Results for people: first what went wrong, with the rows that did it; then the rest by groups."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from rich.text import Text

from cli.answers import Cell, Evidence, Report, Result
from cli.output import (
    BAD,
    FAINT,
    GOOD,
    STRONG,
    UNSURE,
    Part,
    indented,
    line,
    plural,
    table,
)

STYLES: Final = {"passed": GOOD, "failed": BAD, "errored": UNSURE, "skipped": FAINT}
_ORDER: Final = ("failed", "errored")
_COUNTED: Final = ("passed", "failed", "errored", "skipped")
_WIDEST: Final = 48  # characters of a cell


def render(report: Report) -> list[Text]:
    """Return a report whole, but for what to do next."""
    server = f" on server {report.server}" if report.server else ""
    lines = [
        line(
            (f"{report.contract.id} {report.contract.version}", STRONG),
            f"{server}: ",
            (report.outcome, STYLES[report.outcome]),
        ),
        counts(report.results, report.seconds),
    ]
    return [*lines, *details(report.results)]


def counts(results: Sequence[Result], seconds: float | None) -> Text:
    """Return how many clauses ended how, and how much of the promise that is."""
    ended = Counter(result.outcome for result in results)
    told = ", ".join(f"{ended[name]:,} {name}" for name in _COUNTED if ended[name])
    judged = len(results) - ended["skipped"]
    time = "" if seconds is None else f" in {seconds:.2f} s"
    return line(f"{plural(len(results), 'clause')}, {judged:,} judged{time}: {told or 'none'}")


def details(results: Sequence[Result]) -> list[Text]:
    """Return the failed and the errored one by one, the others by groups."""
    lines: list[Text] = []
    for outcome in _ORDER:
        for result in results:
            if result.outcome == outcome:
                lines += [Text(), *_trouble(result)]
    groups = [*_passed(results), *_skipped(results)]
    return [*lines, Text(), *groups] if groups else lines


def _trouble(result: Result) -> list[Text]:
    weight = result.severity if result.blocking else f"{result.severity}, does not block"
    promised = f": {result.threshold}" if result.threshold else ""
    lines = [
        line(
            (result.outcome.upper(), STYLES[result.outcome]),
            " ",
            (f"{result.place} {result.kind}", STRONG),
            promised,
            (f"  ({weight})", FAINT),
        )
    ]
    below = [line(result.reason)] if result.reason else []
    if result.evidence is not None and result.evidence.rows:
        below += indented(_sample(result.evidence), 2)
    below.append(line((result.clause, FAINT)))
    return [*lines, *indented(below, 2)]


def _sample(evidence: Evidence) -> list[Text]:
    offending = {place for place, name in enumerate(evidence.columns) if name in evidence.offending}
    rows = [
        [_cell(cell, offending=place in offending) for place, cell in enumerate(row)]
        for row in evidence.rows
    ]
    return table(evidence.columns, rows, right=_numeric(evidence))


def _numeric(evidence: Evidence) -> set[int]:
    return {
        place
        for place in range(len(evidence.columns))
        if all(isinstance(row[place], int | float | None) for row in evidence.rows)
    }


def _cell(cell: Cell, *, offending: bool) -> Part:
    """Return a cell as shown: an offending one in brackets, absence as NULL, odd text in quotes."""
    match cell:
        case None:
            words = "NULL"
        case str() if cell != cell.strip() or cell in {"", "NULL"}:
            words = repr(cell)
        case bool():
            words = str(cell).lower()
        case _:
            words = str(cell)
    if len(words) > _WIDEST:
        words = words[: _WIDEST - 1] + "…"
    return (f"[{words}]", BAD) if offending else words


def _passed(results: Sequence[Result]) -> list[Text]:
    kinds: dict[str, Counter[str]] = {}
    for result in results:
        if result.outcome == "passed":
            kinds.setdefault(result.schema_ or "contract", Counter())[result.kind] += 1
    return [_group("passed", schema, counted) for schema, counted in kinds.items()]


def _skipped(results: Sequence[Result]) -> list[Text]:
    reasons: dict[str, Counter[str]] = {}
    for result in results:
        if result.outcome == "skipped":
            reasons.setdefault(result.reason, Counter())[result.kind] += 1
    return [_group("skipped", reason, counted) for reason, counted in reasons.items()]


def _group(outcome: str, what: str, kinds: Counter[str]) -> Text:
    listed = ", ".join(kind if count == 1 else f"{count:,} {kind}" for kind, count in kinds.items())
    return line(
        (f"{outcome:<7}", STYLES[outcome]),
        f"  {what}: {plural(kinds.total(), 'clause')} ",
        (f"({listed})", FAINT),
    )
