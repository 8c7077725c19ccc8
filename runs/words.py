"""Why a run was asked for, in words."""

from typing import Final

from runs.model import Run, Trigger

_SAID: Final = {
    Trigger.SCHEDULE: ("schedule", ""),
    Trigger.API: ("by hand", ", by {}"),
    Trigger.EVENT: ("data arrived", ", told by {}"),
    Trigger.LINEAGE: ("lineage", ", job {}"),
}


def asked_by(run: Run) -> str:
    """Return such as ``by hand, by olga`` or ``lineage, job airflow/load.orders and 2 more``."""
    words, more = _SAID.get(run.trigger, (run.trigger.value, ", {}"))
    cause = more.format(run.cause) if run.cause and more else ""
    joined = f" and {run.triggers - 1} more" if run.triggers > 1 else ""
    return f"{words}{cause}{joined}"
