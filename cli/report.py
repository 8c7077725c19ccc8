"""Results for people: first what went wrong, with the rows that did it; then the rest by groups."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

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
_COUNTED: Final = ("passed", "failed", "errored", "skipped")
_WIDEST: Final = 48  # characters of a cell
_NAMED: Final = 3  # objects that are named one by one
_ALL: Final = 20  # rows of a sample at most
_Result = TypeVar("_Result", bound=Result)


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
    judged = ended["passed"] + ended["failed"]
    time = "" if seconds is None else f" in {seconds:.2f} s"
    return line(f"{plural(len(results), 'clause')}, {judged:,} judged{time}: {told or 'none'}")


def details(results: Sequence[Result], rows: int = _ALL) -> list[Text]:
    """Return the failed one by one, the errored by cause, the others by groups.

    Args:
        results: Whatever a check or a run answered.
        rows: Rows to show of each sample at most.
    """
    lines: list[Text] = []
    for result in results:
        if result.outcome == "failed":
            lines += [Text(), *_trouble(result, rows)]
    for cause in causes(results):
        lines += [Text(), *(_trouble(cause[0], rows) if len(cause) == 1 else shared(cause))]
    groups = [*_passed(results), *_skipped(results)]
    return [*lines, Text(), *groups] if groups else lines


def causes(results: Iterable[_Result]) -> list[list[_Result]]:
    """Return the errored results, those with the same reason together, in their order."""
    found: dict[str, list[_Result]] = {}
    for result in results:
        if result.outcome == "errored":
            found.setdefault(result.reason or result.clause, []).append(result)
    return list(found.values())


def shared(cause: Sequence[Result]) -> list[Text]:
    """Return results that errored for one reason: how many, of what, why, and their kinds."""
    names = list(dict.fromkeys(result.schema_ or "the contract" for result in cause))
    places = ", ".join(names) if len(names) <= _NAMED else plural(len(names), "object")
    head = line(
        ("ERRORED", STYLES["errored"]),
        " ",
        (f"{plural(len(cause), 'clause')} of {places}", STRONG),
        f": {cause[0].reason}",
    )
    kinds = _listed(Counter(result.kind for result in cause))
    return [head, *indented([line((kinds, FAINT))], 2)]


def _trouble(result: Result, rows: int) -> list[Text]:
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
    if result.evidence is not None and result.evidence.rows and rows:
        below += indented(_sample(result.evidence, rows), 2)
    below.append(line((result.clause, FAINT)))
    return [*lines, *indented(below, 2)]


def _sample(evidence: Evidence, most: int) -> list[Text]:
    offending = {place for place, name in enumerate(evidence.columns) if name in evidence.offending}
    rows = [
        [_cell(cell, offending=place in offending) for place, cell in enumerate(row)]
        for row in evidence.rows[:most]
    ]
    more = len(evidence.rows) - most
    rest = [line((f"and {more} more sampled", FAINT))] if more > 0 else []
    return [*table(evidence.columns, rows, right=_numeric(evidence)), *rest]


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
    return line(
        (f"{outcome:<7}", STYLES[outcome]),
        f"  {what}: {plural(kinds.total(), 'clause')} ",
        (f"({_listed(kinds)})", FAINT),
    )


def _listed(kinds: Counter[str]) -> str:
    return ", ".join(kind if count == 1 else f"{count:,} {kind}" for kind, count in kinds.items())
