"""``assay check``: hold data on this machine against a contract, without any service."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter
from cyclopts.validators import Number
from rich.text import Text

from checks.model import Evidence, Report, Result
from cli import answers, problems, report
from cli.answers import shaped
from cli.exits import Exit
from cli.files import FileName, Source, read
from cli.options import settings
from cli.output import FAINT, Form, line, note, progress, show, show_json
from contracts.model import Contract
from contracts.parse import examine
from contracts.problems import Problem
from runtime.clock import now
from runtime.limits import build_limits
from runtime.logs import configure
from runtime.settings import Settings
from usecases import documents
from usecases.judge import judge_locally

_EXITS: Final = {
    "passed": Exit.OK,
    "failed": Exit.NO,
    "errored": Exit.UNJUDGED,
    "skipped": Exit.UNJUDGED,
}


def check(
    file: FileName,
    /,
    *,
    server: str | None = None,
    evidence: Annotated[int, Parameter(validator=Number(gte=0, lte=20))] = 5,
    at: datetime | None = None,
    form: Form = "text",
) -> int:
    """Judge the data that a contract describes, read from inside the current folder.

    Args:
        file: A contract file; ``-`` reads stdin.
        server: Name of the entry under ``servers`` to read; by default the first.
        evidence: Offending rows to show of each failed clause, 0 to 20; 0 saves looking for them.
        at: Instant that promises about time take for now, UTC where it names no zone.
        form: Answer for people or for programs.
    """
    source = read(file)
    contract, found = examine(source.body)
    if contract is None:
        return _refuse(source, found, form)
    judged = _judge(contract, server, evidence, at=at)
    if form == "json":
        show_json(documents.report(judged))
    else:
        shown = shaped(answers.Report, documents.report(judged))
        show(*report.render(shown), Text(), _next(source, judged))
    return _EXITS[judged.outcome.value]


def _refuse(source: Source, found: tuple[Problem, ...], form: Form) -> int:
    """Say of a document that is no contract what ``assay lint`` says of it."""
    if form == "json":
        told = [documents.problem(problem) for problem in found]
        show_json({"files": [{"path": source.path, "valid": False, "problems": told}]})
    else:
        show(*problems.render(source, found))
    return Exit.INVALID


def _judge(contract: Contract, server: str | None, rows: int, *, at: datetime | None) -> Report:
    read_settings = settings()
    _quieten(read_settings)
    with progress(f"judging {contract.id} {contract.version}"):
        judged = judge_locally(
            contract,
            server=server,
            folder=Path.cwd(),
            limits=replace(build_limits(read_settings), evidence=rows > 0),
            clock=now if at is None else _clock_from(at),
        )
    for warning in judged.warnings:
        note("warning: ", warning)
    return replace(judged, results=tuple(_capped(result, rows) for result in judged.results))


def _clock_from(at: datetime) -> Callable[[], datetime]:
    """Return a clock that showed ``at`` when it was made, and runs on."""
    began = now()
    start = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return lambda: start + (now() - began)


def _quieten(read_settings: Settings) -> None:
    """Keep what libraries log and warn of to themselves, unless the level was asked for."""
    asked = "log_level" in read_settings.model_fields_set
    quiet = read_settings if asked else read_settings.model_copy(update={"log_level": "ERROR"})
    configure(quiet)
    logging.captureWarnings(capture=True)


def _capped(result: Result, rows: int) -> Result:
    sample = result.finding.evidence
    if sample is None:
        return result
    kept: Evidence | None = replace(sample, rows=sample.rows[:rows]) if rows else None
    return replace(result, finding=replace(result.finding, evidence=kept))


def _next(source: Source, judged: Report) -> Text:
    advice = {
        "passed": f"assay publish {source.path} has it judged on schedule",
        "failed": "mend the data, or promise less; --evidence 20 shows more rows",
        "errored": "what errored was not judged: each clause says why",
        "skipped": "nothing was judged: the contract holds no clause that can be",
    }
    return line(("next: ", FAINT), advice[judged.outcome.value])
