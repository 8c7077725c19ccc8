"""Why a score changed, for people: what cost most first, points in a column."""

from itertools import zip_longest

from rich.text import Text

from cli.answers import Change, Explanation
from cli.card import leading, points
from cli.output import BAD, FAINT, GOOD, STRONG, Part, indented, line, table
from cli.times import instant
from scorecards.telling import arranged
from scorecards.words import moved, percent


def render(found: Explanation) -> list[Text]:
    """Return an explanation whole."""
    parts = [_numbers(found), _changes(found)]
    head = line(
        (found.product, STRONG),
        "  what changed since ",
        instant(found.since),
        "  ",
        (instant(found.at), FAINT),
    )
    return [head, *(text for part in parts if part for text in (Text(), *part))]


def _numbers(found: Explanation) -> list[Text]:
    then, now = found.then, found.now
    lines = [
        line("quality    ", points(leading(then)), " -> ", points(leading(now))),
        line(f"assurance  {percent(then.assurance)} -> {percent(now.assurance)}"),
    ]
    if then.cap or now.cap:
        lines.append(line(f"capped     {then.cap or 'no'} -> {now.cap or 'no'}"))
    return lines


def _changes(found: Explanation) -> list[Text]:
    singly, groups = arranged(found.changes, lambda change: change)
    rows: list[list[Part]] = [[_moved(change.points), _said(change)] for change in singly]
    rows += [[_moved(group.points), group.words] for group in groups]
    if found.rest:
        rows.append([_moved(found.together), (_without(found.rest, found.together), FAINT)])
    if not rows:
        return [line("nothing changed")]
    lines: list[Text] = []
    whys = (change.why for change in singly)
    for text, why in zip_longest(table(("", ""), rows, right={0}), whys):
        lines += [text, *indented([line((why, FAINT))] if why else [], _indent(rows))]
    return lines


def _indent(rows: list[list[Part]]) -> int:
    return max(len(part if isinstance(part, str) else part[0]) for part, _ in rows) + 2


def _moved(value: float | None) -> Part:
    return (moved(value), BAD if (value or 0) < 0 else GOOD)


def _said(change: Change) -> str:
    return _without(change.sentence, change.points)


def _without(sentence: str, value: float | None) -> str:
    """Return a sentence without the points that its column shows."""
    return sentence.removesuffix(f" ({moved(value)})")
