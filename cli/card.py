"""A scorecard for people: the numbers, then what takes points away, then what happened."""

from typing import Final

from rich.text import Text

from cli.answers import Card, Clause, Incident, Port, Run, Score
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
from cli.report import STYLES
from cli.times import every, instant

_ENOUGH: Final = 0.8  # assurance from which the score itself is shown, not its low end
_HIGH: Final = 90
_MIDDLE: Final = 50
_SHOWN: Final = 10


def render(card: Card, url: str) -> list[Text]:
    """Return a card whole; ``url`` is the service's address."""
    owner = card.owner or "nobody"
    head = [line((card.key, STRONG), f"  owned by {owner}  ", (instant(card.at), FAINT))]
    if card.purpose:
        head.append(line(card.purpose))
    parts = [
        _numbers(card.score),
        _dimensions(card.score),
        _failing(card.clauses),
        _incidents(card.incidents),
        [_port(port) for port in card.ports],
        _runs(card.runs),
        [line(("card: ", FAINT), f"{url}/products/{card.key}")],
    ]
    return head + [text for part in parts if part for text in (Text(), *part)]


def leading(score: Score) -> float | None:
    """Return the number to lead with: the low end while too little of the promise is backed."""
    return score.quality if score.assurance >= _ENOUGH else score.low


def points(value: float | None) -> Part:
    """Return a score of 0 to 100 with its colour."""
    if value is None:
        return ("not measured", FAINT)
    style = GOOD if value >= _HIGH else UNSURE if value >= _MIDDLE else BAD
    return (f"{value:.1f}", style)


def percent(share: float) -> str:
    """Return a share of 0 to 1 as per cent, never rounded up to all of it."""
    return f"{int(share * 100)} %"


def _numbers(score: Score) -> list[Text]:
    known = score.assurance >= _ENOUGH
    lines = [
        line("quality    ", points(leading(score)), "" if known else " at least"),
        line(
            f"assurance  {percent(score.assurance)} of the promise has a recent verdict "
            f"({plural(score.clauses, 'clause')}, {score.failing:,} failing)"
        ),
    ]
    if score.cap:
        would = "" if score.uncapped is None else f", would be {score.uncapped:.1f}"
        lines.append(line(("capped     ", BAD), f"{score.cap}{would}"))
    return lines


def _dimensions(score: Score) -> list[Text]:
    rows: list[list[Part]] = [
        [part.dimension, points(part.value), str(part.clauses), str(part.failing)]
        for part in score.dimensions
    ]
    if not rows:
        return []
    return table(("dimension", "quality", "clauses", "failing"), rows, right={1, 2, 3})


def _failing(clauses: list[Clause]) -> list[Text]:
    lines: list[Text] = []
    for clause in sorted(clauses, key=lambda one: -one.lost):
        if clause.good is False or clause.outcome in {"failed", "errored"}:
            lines += _clause(clause)
    return lines


def _clause(clause: Clause) -> list[Text]:
    outcome = "failed" if clause.good is False else clause.outcome
    lost = f"  (-{clause.lost:.1f} points)" if clause.lost else ""
    lines = [
        line(
            (outcome.upper(), STYLES[outcome]),
            " ",
            (f"{clause.place} {clause.kind}", STRONG),
            f": {clause.threshold}" if clause.threshold else "",
            (f"  ({clause.severity})", FAINT),
            (lost, BAD),
        )
    ]
    return [*lines, *indented([line(clause.reason)] if clause.reason else [], 2)]


def _incidents(incidents: list[Incident]) -> list[Text]:
    rows: list[list[Part]] = [
        [
            (f"incident {found.id}", BAD if found.open else FAINT),
            found.state,
            found.title,
            (f"since {instant(found.opened_at)}", FAINT),
        ]
        for found in incidents[:_SHOWN]
    ]
    return table(("", "", "", ""), rows)


def _port(port: Port) -> Text:
    schedule = port.schedule
    if schedule is None:
        when = "judged when asked"
    elif schedule.cron is not None:
        when = f"judged at {schedule.cron} ({schedule.timezone}), next {instant(schedule.next_run)}"
    else:
        length = every(schedule.every_seconds or 0)
        when = f"judged every {length}, next {instant(schedule.next_run)}"
    return line(
        (f"port {port.name}", STRONG), f"  {port.contract.id} {port.contract.version}  {when}"
    )


def _runs(runs: list[Run]) -> list[Text]:
    rows: list[list[Part]] = [
        [
            f"run {run.id}",
            (run.outcome or run.state, STYLES.get(run.outcome or run.state, UNSURE)),
            instant(run.created),
            ", ".join(f"{count:,} {name}" for name, count in run.counts.items() if count),
        ]
        for run in runs[:_SHOWN]
    ]
    return table(("", "", "", ""), rows)
