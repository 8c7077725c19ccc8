"""``assay doctor``: look at everything that the service stands on, and say what to do."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from rich.text import Text

from checks.attempt import Fault, attempt
from cli.exits import Exit
from cli.options import settings, with_profile
from cli.output import BAD, FAINT, GOOD, STRONG, UNSURE, Form, line, show, show_json
from cli.probes import broker, database, machine, network
from cli.probes.finding import Finding, State
from runtime.settings import Settings

Probe: TypeAlias = Callable[[Settings], Finding]
_PROBES: Final[tuple[Probe, ...]] = (
    machine.python,
    machine.engines,
    machine.sqlite,
    machine.folder,
    machine.disk,
    database.revision,
    database.clocks,
    database.heartbeats,
    database.queue,
    broker.broker,
    network.service,
    network.mail,
)
_MARKS: Final = {State.OK: ("ok  ", GOOD), State.WARN: ("warn", UNSURE), State.FAIL: ("FAIL", BAD)}


def doctor(*, data: Path | None = None, form: Form = "text") -> int:
    """Look at this machine, the database, the queue, the broker, the service and the mail server.

    Args:
        data: Folder of the embedded database; by default what the settings say.
        form: Answer for people or for programs.
    """
    read = with_profile(settings(data=data))
    found = [_try(probe, read) for probe in _PROBES]
    well = all(finding.state is not State.FAIL for finding in found)
    if form == "json":
        findings = [
            {
                "name": finding.name,
                "state": finding.state.value,
                "detail": finding.detail,
                "advice": finding.advice,
            }
            for finding in found
        ]
        show_json({"well": well, "findings": findings})
    else:
        show(*(text for finding in found for text in _lines(finding)))
    return Exit.OK if well else Exit.UNJUDGED


def _try(probe: Probe, read: Settings) -> Finding:
    """Return what a probe finds; one that breaks is a finding, not the end of all."""
    found = attempt(lambda: probe(read))
    if isinstance(found, Fault):
        detail = f"could not be looked at: {found}"
        return Finding(name=probe.__name__, state=State.FAIL, detail=detail)
    return found


def _lines(finding: Finding) -> list[Text]:
    found = line(_MARKS[finding.state], "  ", (f"{finding.name:<11}", STRONG), "  ", finding.detail)
    if not finding.advice:
        return [found]
    return [found, line(" " * 19, ("-> ", FAINT), finding.advice)]
