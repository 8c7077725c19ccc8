"""One event of the feed as one line for people: when, of which product, what."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, TypeAlias

from pydantic import BaseModel, JsonValue
from rich.text import Text

from cli.output import BAD, FAINT, GOOD, STRONG, UNSURE, Part, line, plural
from cli.times import instant, lasting
from scorecards.words import percent, points

Facts: TypeAlias = Mapping[str, JsonValue]
_COUNTED: Final = ("passed", "failed", "errored", "skipped")
_STYLES: Final = {"passed": GOOD, "failed": BAD, "errored": UNSURE, "lost": BAD}


class Happening(BaseModel):
    """An event as the service tells it (CloudEvents 1.0); ``id`` rises with time."""

    id: str
    type: str
    subject: str
    time: datetime
    data: dict[str, JsonValue]


def render(found: Happening) -> Text:
    """Return the line; of a kind that is not known here: what it is called, and of what."""
    say = _SENTENCES.get(found.type)
    said = (f"{found.type} {found.subject}",) if say is None else say(found.data)
    product = _word(found.data, "product", "-")
    return line((instant(found.time), FAINT), "  ", (product, STRONG), "  ", *said)


def _word(facts: Facts, name: str, absent: str = "?") -> str:
    value = facts.get(name)
    return absent if value is None or value == "" else str(value)


def _count(facts: Facts, name: str, noun: str) -> str:
    value = facts.get(name)
    return plural(value, noun) if isinstance(value, int) else f"? {noun}s"


def _published(facts: Facts) -> tuple[Part, ...]:
    after = f" after {facts['previous']}" if facts.get("previous") else ""
    who, clauses = _word(facts, "published_by"), _count(facts, "clauses", "promise")
    version = f"{_word(facts, 'contract')} {_word(facts, 'version')}"
    return (f"{version} was published by {who}{after}, {clauses}",)


def _finished(facts: Facts) -> tuple[Part, ...]:
    ended = "lost" if facts.get("state") == "lost" else _word(facts, "outcome", "errored")
    counts = facts.get("counts")
    counted = counts if isinstance(counts, dict) else {}
    told = ", ".join(f"{counted[name]} {name}" for name in _COUNTED if counted.get(name))
    seconds = facts.get("seconds")
    time = f" in {lasting(seconds)}" if isinstance(seconds, int | float) else ""
    return (
        f"run {_word(facts, 'run')} of {_word(facts, 'contract')} {_word(facts, 'version')} ",
        (ended, _STYLES.get(ended, "")),
        f"{time}: {told}" if told else time,
    )


def _incident(verb: str, style: str, name: str = "title") -> Callable[[Facts], tuple[Part, ...]]:
    def say(facts: Facts) -> tuple[Part, ...]:
        why = f": {facts[name]}" if facts.get(name) else ""
        return (f"incident {_word(facts, 'incident')} ", (verb, style), why)

    return say


def _taken(facts: Facts) -> tuple[Part, ...]:
    return (f"incident {_word(facts, 'incident')} taken on by {_word(facts, 'acknowledged_by')}",)


def _paused(facts: Facts) -> tuple[Part, ...]:
    contract, by = _word(facts, "contract"), _word(facts, "by")
    why = _word(facts, "reason", "no reason")
    return (f"schedule of {contract} ", ("paused", UNSURE), f" by {by}: {why}")


def _resumed(facts: Facts) -> tuple[Part, ...]:
    return (f"schedule of {_word(facts, 'contract')} resumed by {_word(facts, 'by')}",)


def _scored(facts: Facts) -> tuple[Part, ...]:
    before = facts.get("before")
    was = before if isinstance(before, dict) else {}
    told = [
        f"{name} {_moved(was.get(name), facts.get(name), shown)}"
        for name, shown in (("quality", _points), ("assurance", _percent))
        if was.get(name) != facts.get(name)
    ]
    return (", ".join(told) or "the bounds of the score changed",)


def _moved(before: JsonValue, after: JsonValue, shown: Callable[[JsonValue], str]) -> str:
    """Return ``91.0 -> 99.1``; only the latter where there was nothing before."""
    return shown(after) if before is None else f"{shown(before)} -> {shown(after)}"


def _worn(facts: Facts) -> tuple[Part, ...]:
    fell = f"{_percent(facts.get('before'))} to {_percent(facts.get('assurance'))}"
    return (("assurance is low", UNSURE), f": fell from {fell}, nobody judges")


def _dead(facts: Facts) -> tuple[Part, ...]:
    tries = facts.get("attempts")
    told = "1 try" if tries == 1 else f"{tries} tries"
    where = f"{_word(facts, 'channel')} about incident {_word(facts, 'incident')}"
    return (f"notice {_word(facts, 'notice')} by {where} ", ("given up", BAD), f" after {told}")


def _points(value: JsonValue) -> str:
    return points(value) if isinstance(value, int | float) else "none"


def _percent(value: JsonValue) -> str:
    return percent(value) if isinstance(value, int | float) else "none"


_SENTENCES: Final[Mapping[str, Callable[[Facts], tuple[Part, ...]]]] = {
    "contract.published": _published,
    "run.finished": _finished,
    "incident.opened": _incident("opened", BAD),
    "incident.acknowledged": _taken,
    "incident.resolved": _incident("resolved", GOOD, "reason"),
    "incident.reopened": _incident("reopened", BAD),
    "incident.updated": _incident("grew", BAD),
    "schedule.paused": _paused,
    "schedule.resumed": _resumed,
    "score.changed": _scored,
    "assurance.low": _worn,
    "notice.dead": _dead,
}
