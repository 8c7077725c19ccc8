"""What a storm did and what came of it: a table for people, a document for programs."""

from dataclasses import asdict, fields

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from contracts.values import Json
from tools.chaos.count import Faulty
from tools.chaos.storm import Outcome


def table(outcome: Outcome) -> RenderableType:
    """Return a plain table."""
    order = outcome.order
    broken = f", control {order.control}" if order.control else ""
    head = (
        f"{order.database}: {order.runs} runs, {order.faults} faults, seed {order.seed}{broken}, "
        f"{outcome.seconds:.0f} s"
    )
    counts = Table(box=None, show_header=False, pad_edge=False)
    for part in fields(Faulty):
        counts.add_row(str(part.metadata["says"]), str(getattr(outcome.faulty, part.name)))
    faults = ", ".join(f"{name} {number}" for name, number in outcome.done.items())
    much = ", ".join(f"{name} {number}" for name, number in asdict(outcome.amounts).items())
    away = ", ".join(f"{status or 'none'} {n}" for status, n in outcome.turned_away.items())
    lines = [
        head,
        f"faults   {faults}",
        f"done     accepted {outcome.accepted}, {much.replace('_', ' ')}",
        f"answers  turned away by status: {away or 'none'}",
    ]
    if outcome.restless:
        lines.append(f"restless {outcome.restless}")
    return Group(*(Text(line) for line in lines), counts)


def document(outcome: Outcome) -> dict[str, Json]:
    """Return the same as a JSON document."""
    return {
        **asdict(outcome.order),
        "seconds": round(outcome.seconds, 1),
        "done": dict(outcome.done),
        "accepted": outcome.accepted,
        "turned_away": {str(status): number for status, number in outcome.turned_away.items()},
        "fell": outcome.fell,
        "amounts": asdict(outcome.amounts),
        "counts": asdict(outcome.faulty),
        "restless": outcome.restless,
        "clean": outcome.clean,
    }
