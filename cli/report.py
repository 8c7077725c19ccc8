"""Results for people: first what went wrong, with the rows that did it; then the rest by groups."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from rich.text import Text

from checks.selection import NOT_SELECTED
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
    room,
    table,
)
from contracts.tree import unescape
from contracts.values import Severity
from scorecards.words import promised

STYLES: Final = {"passed": GOOD, "failed": BAD, "errored": UNSURE, "skipped": FAINT}
UNJUDGED: Final = "of it no run judges"  # behind a number of promises
_LEFT_OUT: Final = "left out"
_COUNTED: Final = ("passed", "failed", "errored", "skipped", _LEFT_OUT)
_GRAVITY: Final = {severity.value: at for at, severity in enumerate(Severity)}
_UNNAMED: Final = re.compile("[a-z_]+-[0-9a-f]{8}")  # what a rule without id and name goes by
_SAMPLED: Final = "rows sampled"  # how often a row stands in a sample
_MARGIN: Final = 4  # letters before the rows of a sample
_WIDEST: Final = 48  # characters of a cell
_NAMED: Final = 3  # objects that are named one by one
_ALL: Final = 20  # rows of a sample at most
_Result = TypeVar("_Result", bound=Result)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How results are shown.

    Attributes:
        rows: Rows to show of each sample at most.
        places: By key of a clause: where it stands in its document.
        width: Letters of a line at most; None: any number.
    """

    rows: int = _ALL
    places: Mapping[str, str] = field(default_factory=dict)
    width: int | None = None


def render(report: Report, layout: Layout = Layout(), chosen: Sequence[str] = ()) -> list[Text]:
    """Return a report whole, but for what to do next; ``chosen`` is what was asked for."""
    server = f" on server {report.server}" if report.server else ""
    lines = [
        line(
            (f"{report.contract.id} {report.contract.version}", STRONG),
            f"{server}: ",
            (report.outcome, STYLES[report.outcome]),
        )
    ]
    if chosen:
        lines.append(line(("asked for: ", FAINT), ", ".join(chosen)))
    below = [Text(), counts(report.results, report.seconds)]
    return [*lines, *_details(report.results, layout), *below]


def counts(results: Sequence[Result], seconds: float | None) -> Text:
    """Return how many clauses ended how, and how much of the promise that is."""
    ended = Counter(_ended(result) for result in results)
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
    return _details(results, Layout(rows=rows, width=room()))


def _details(results: Sequence[Result], layout: Layout) -> list[Text]:
    lines: list[Text] = []
    failed = [result for result in results if result.outcome == "failed"]
    for result in sorted(failed, key=lambda one: _GRAVITY.get(one.severity, 0)):
        lines += [Text(), *_trouble(result, layout)]
    for cause in causes(results):
        lines += [Text(), *(_trouble(cause[0], layout) if len(cause) == 1 else shared(cause))]
    groups = [*_passed(results), *skipped(results)]
    return [*lines, Text(), *groups] if groups else lines


def _ended(result: Result) -> str:
    """How a clause ended, in a word; what nobody asked for was left out."""
    return _LEFT_OUT if result.reason == NOT_SELECTED else result.outcome


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


def _trouble(result: Result, layout: Layout) -> list[Text]:
    below = [line(result.reason)] if result.reason else []
    if result.evidence is not None and result.evidence.rows and layout.rows:
        below += indented(_sample(result.evidence, layout), 2)
    place = layout.places.get(result.clause)
    below.append(line((f"{place}  {result.clause}" if place else result.clause, FAINT)))
    return [_promise(result), *indented(below, 2)]


def _promise(result: Result) -> Text:
    """How a clause ended, what it is about and what it says."""
    weight = result.severity if result.blocking else f"{result.severity}, does not block"
    name = _called(result)
    own = "" if result.description == name else result.description
    words = promised(own, result.threshold)
    return line(
        (result.outcome.upper(), STYLES[result.outcome]),
        " ",
        (f"{result.place} {result.kind}{f' {name!r}' if name else ''}", STRONG),
        f": {words}" if words else "",
        (f"  ({weight})", FAINT),
    )


def _called(result: Result) -> str:
    """The id or name of the rule, such as ``few-returns``; empty where it has none."""
    _, stands, rule = result.clause.rpartition("/quality/")
    name = unescape(rule.partition("/")[0])
    return name if stands and not _UNNAMED.fullmatch(name) else ""


def _sample(evidence: Evidence, layout: Layout) -> list[Text]:
    most = layout.rows
    within = None if layout.width is None else layout.width - _MARGIN
    heads, rows = _folded(evidence)
    right = _numeric(evidence) | {len(evidence.columns)}
    more = len(rows) - most
    rest = [line((f"and {more} more sampled", FAINT))] if more > 0 else []
    return [*table(heads, rows[:most], right=right, within=within), *rest]


def _cells(evidence: Evidence) -> list[list[Part]]:
    offending = {place for place, name in enumerate(evidence.columns) if name in evidence.offending}
    return [
        [_cell(cell, offending=place in offending) for place, cell in enumerate(row)]
        for row in evidence.rows
    ]


def _folded(evidence: Evidence) -> tuple[list[str], list[list[Part]]]:
    """Return headings and rows; the same row once, with its number, where one stands there twice.

    What is the same is told from the values: texts that were cut may only look so.
    """
    cells = _cells(evidence)
    seen = Counter(map(repr, evidence.rows))
    if len(seen) == len(cells):
        return evidence.columns, cells
    shown = dict(zip(map(repr, evidence.rows), cells, strict=True))
    rows: list[list[Part]] = [[*shown[row], f"{count:,}"] for row, count in seen.items()]
    return [*evidence.columns, _SAMPLED], rows


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


def skipped(results: Sequence[Result]) -> list[Text]:
    """Return what was not judged, by reason; what nobody asked for is left out."""
    reasons: dict[str, Counter[str]] = {}
    for result in results:
        if result.outcome == "skipped" and result.reason != NOT_SELECTED:
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
