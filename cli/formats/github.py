"""Cases as notes that GitHub Actions shows beside the lines of a file.

Source:
    GitHub's manual, "Workflow commands for GitHub Actions": a message may hold no bare ``%`` and no
    line's end, a property no ``:`` and no ``,`` beside.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from cli.formats.case import Case, Suite, Weight

_MESSAGE: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})
_COMMANDS: Final = {Weight.ERROR: "error", Weight.WARNING: "warning", Weight.NOTE: "notice"}


def github(suites: Sequence[Suite]) -> str:
    """Return one line a case that did not pass, gravest first: only ten of a kind are shown."""
    lines = [
        (case.weight, _line(suite, case))
        for suite in suites
        for case in suite.cases
        if case.trouble
    ]
    ordered = sorted(lines, key=lambda told: list(_COMMANDS).index(told[0]))
    return "".join(f"{told}\n" for _, told in ordered)


def _line(suite: Suite, case: Case) -> str:
    facts = ",".join(
        f"{name}={value.translate(_PROPERTY)}" for name, value in _properties(suite, case)
    )
    told = "\n".join([case.message or case.title, *case.detail])
    return f"::{_COMMANDS[case.weight]} {facts}::{told.translate(_MESSAGE)}"


def _properties(suite: Suite, case: Case) -> Iterator[tuple[str, str]]:
    if suite.place is not None:
        yield "file", suite.place
        yield "line", str(case.line)
        yield "col", str(case.column)
    errored = case.outcome == "errored"
    yield "title", f"could not be judged: {case.title}" if errored else case.title
