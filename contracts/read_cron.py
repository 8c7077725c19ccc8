"""``schedule`` and ``scheduler`` of a rule or a service level -> its own cron line."""

from typing import Final

from contracts.nodes import Node
from contracts.notes import Notes
from contracts.timetable import read_cron_line

_OURS: Final = "cron"


def read_cron(node: Node, notes: Notes) -> str | None:
    """When one clause is judged; None when it has no schedule that is followed here."""
    if not node["schedule"].there:
        return None
    line, scheduler = node["schedule"].said(), node["scheduler"].said().strip()
    if scheduler.lower() != _OURS:
        named = (
            f"scheduler {scheduler[:80]!r} is not followed here" if scheduler else "not followed"
        )
        message = f"{named}, so the contract's schedule holds: write 'scheduler: cron'"
        notes.warn("schedule-not-followed", f"{node.pointer}/schedule", message)
        return None
    try:
        return read_cron_line(line)
    except ValueError as error:
        notes.error("bad-schedule", f"{node.pointer}/schedule", str(error))
        return None
