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
from cli.report import STYLES, UNJUDGED, causes, shared, skipped
from cli.times import every, instant
from scorecards import words

_ENOUGH: Final = 0.8  # assurance from which the score itself is shown, not its low end
_HIGH: Final = 90
_MIDDLE: Final = 50
_SHOWN: Final = 10
_NEVER_RUN: Final = "never run"  # so says the service of what the next run will judge


def render(card: Card, url: str, *, past: bool = False) -> list[Text]:
    """Return a card whole; ``url`` is the service's address. Of the ``past``, it says so."""
    owner = card.owner or "nobody"
    then: Part = ("as known at ", UNSURE) if past else ""
    head = [line((card.key, STRONG), f"  owned by {owner}  ", then, (instant(card.at), FAINT))]
    if card.purpose:
        head.append(line(card.purpose))
    parts = [
        _numbers(card),
        _dimensions(card.score),
        _failing(card.clauses),
        _incidents(card.incidents),
        [_port(port) for port in card.ports],
        _runs(card.runs),
        _unjudged(card.clauses),
        [line(("card: ", FAINT), f"{url}/products/{card.key}")],
    ]
    return head + [text for part in parts if part for text in (Text(), *part)]


def leading(score: Score) -> float | None:
    """Return the number to lead with: the low end while too little of the promise is backed.

    None where nothing is measured: a low end is then no evidence.
    """
    if score.quality is None:
        return None
    return score.quality if score.assurance >= _ENOUGH else score.low


def quality(score: Score, *, unsure: bool) -> Part:
    """Return the number to lead with, in words; never in green where ``unsure``."""
    value = leading(score)
    told, style = points(value)
    if value is not None and score.assurance < _ENOUGH:
        told = f"at least {told}"
    return (told, UNSURE if unsure and style == GOOD else style)


def points(value: float | None) -> tuple[str, str]:
    """Return a score of 0 to 100 with its colour."""
    if value is None:
        return ("not measured", FAINT)
    style = GOOD if value >= _HIGH else UNSURE if value >= _MIDDLE else BAD
    return (words.points(value), style)


def _numbers(card: Card) -> list[Text]:
    score = card.score
    lines = [
        line("quality    ", quality(score, unsure=bool(card.errored or card.lost_runs))),
        line(
            f"assurance  {words.percent(score.assurance)} of the promise has a recent verdict "
            f"({plural(score.clauses, 'clause')}, {score.failing:,} failing)"
        ),
    ]
    if unknown := _unknown(card):
        lines.append(line(("errored    ", UNSURE), f"nobody could tell of {unknown}"))
    if score.cap:
        would = "" if score.uncapped is None else f", would be {words.points(score.uncapped)}"
        lines.append(line(("capped     ", BAD), f"{score.cap}{would}"))
    return lines


def _unknown(card: Card) -> str:
    clauses = plural(card.errored, "clause") if card.errored else ""
    runs = plural(card.lost_runs, "lost run") if card.lost_runs else ""
    return " and ".join(part for part in (clauses, runs) if part)


def _dimensions(score: Score) -> list[Text]:
    rows: list[list[Part]] = [
        [part.dimension, points(part.value), str(part.clauses), str(part.failing)]
        for part in score.dimensions
    ]
    if not rows:
        return []
    return table(("dimension", "quality", "clauses", "failing"), rows, right={1, 2, 3})


def _failing(clauses: list[Clause]) -> list[Text]:
    """Return the clauses that fail, dearest first, then those of which nobody can tell now."""
    lines: list[Text] = []
    for clause in sorted(clauses, key=lambda one: -one.lost):
        if clause.good is False or clause.outcome == "failed":
            lines += _clause("failed", clause, _since(clause))
    for cause in causes(clauses):
        lines += _clause("errored", cause[0], cause[0].reason) if len(cause) == 1 else shared(cause)
    return lines


def _since(clause: Clause) -> str:
    """Return why a clause fails, or what came after the verdict that it does."""
    if clause.outcome == "failed":
        return clause.reason
    judged = f" {instant(clause.judged_at)}" if clause.judged_at else ""
    return f"so said the last verdict{judged}; since then {clause.outcome}"


def _clause(outcome: str, clause: Clause, reason: str) -> list[Text]:
    cost = words.lost(clause.lost)
    lost = f"  (-{cost} points)" if cost else ""
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
    return [*lines, *indented([line(reason)] if reason else [], 2)]


def _unjudged(clauses: list[Clause]) -> list[Text]:
    """Return by reason the promises that have no verdict because no run judges them."""
    found = [
        clause
        for clause in clauses
        if clause.outcome == "skipped" and clause.good is None and clause.reason != _NEVER_RUN
    ]
    if not found:
        return []
    head = line(("note     ", FAINT), f"{plural(len(found), 'promise')} {UNJUDGED}")
    return [head, *skipped(found)]


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
    elif schedule.every_seconds is not None:
        length = every(schedule.every_seconds)
        when = f"judged every {length}, next {instant(schedule.next_run)}"
    else:
        when = f"judged by the schedules of its clauses, next {instant(schedule.next_run)}"
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
