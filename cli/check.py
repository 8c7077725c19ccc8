"""``assay check``: hold data on this machine against a contract, without any service."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter
from cyclopts.validators import Number
from rich.text import Text

from checks.model import Evidence, Report, Result
from checks.progress import listening
from checks.selection import NOT_SELECTED, Selection
from cli import answers, problems, report
from cli.answers import shaped
from cli.choice import Choice
from cli.errors import BadUsage
from cli.exits import Exit
from cli.files import FileName, Source, read
from cli.formats.cases import of_problems, of_report
from cli.formats.outputs import Outputs
from cli.options import settings
from cli.output import FAINT, Form, line, note, progress, room, show, show_json
from cli.plan import as_document, render
from contracts.document import load
from contracts.model import Contract
from contracts.parse import examine
from contracts.problems import Problem
from contracts.values import Json
from runtime.clock import now
from runtime.limits import build_limits
from runtime.logs import configure
from runtime.settings import Settings
from usecases import documents
from usecases.judge import judge_locally, plan_locally

_EXITS: Final = {
    "passed": Exit.OK,
    "failed": Exit.NO,
    "errored": Exit.UNJUDGED,
    "skipped": Exit.UNJUDGED,
}
_ROWS: Final = 5
_MOST: Final = 20
_ALL: Final = Choice()
_TERMINAL: Final = Outputs()


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How it is judged.

    Attributes:
        evidence: Offending rows to show of each failed clause, 0 to 20, by default 5; 0 saves
            looking for them. Files for build servers hold rows only where this is given.
        at: Instant that promises about time take for now, UTC where it names no zone.
        dry_run: Say what would be judged, how, and what would not and why; touch no data.
    """

    evidence: Annotated[int | None, Parameter(validator=Number(gte=0, lte=_MOST))] = None
    at: datetime | None = None
    dry_run: Annotated[bool, Parameter(negative="", show_default=False)] = False

    @property
    def rows(self) -> int:
        """How many rows to show of each failed clause."""
        return _ROWS if self.evidence is None else self.evidence


_PLAINLY: Final = Manner()


def check(
    file: FileName,
    /,
    *,
    choice: Choice = _ALL,
    manner: Manner = _PLAINLY,
    outputs: Outputs = _TERMINAL,
    form: Form = "text",
) -> int:
    """Judge the data that a contract describes, read from inside the current folder.

    Args:
        file: A contract file; ``-`` reads stdin.
        choice: What is judged.
        manner: How it is judged.
        outputs: What build servers are told.
        form: Answer for people or for programs.
    """
    outputs.claim(form)
    if manner.dry_run and outputs.wanted:
        raise BadUsage("--dry-run judges nothing: there is nothing to write to a file")
    source = read(file)
    contract, found = examine(source.body)
    if contract is None:
        return _refuse(source, found, outputs, form)
    selection = choice.select(contract, source)
    if manner.dry_run:
        return _tell_plan(contract, choice, selection, form)
    judged = _judge(contract, choice.server, selection, manner)
    _tell(source, judged, choice, outputs=outputs, form=form)
    if outputs.wanted:
        suite = of_report(source, judged, evidence=bool(manner.evidence))
        outputs.write([suite], of="check", form=form)
    return _EXITS[judged.outcome.value]


def _refuse(source: Source, found: tuple[Problem, ...], outputs: Outputs, form: Form) -> int:
    """Say of a document that is no contract what ``assay lint`` says of it."""
    if form == "json":
        told = [documents.problem(problem) for problem in found]
        show_json({"files": [{"path": source.path, "valid": False, "problems": told}]})
    elif not outputs.replace_stdout:
        show(*problems.render(source, found))
    if outputs.wanted:
        outputs.write([of_problems(source, found, at=now())], of="lint", form=form)
    return Exit.INVALID


def _tell_plan(contract: Contract, choice: Choice, selection: Selection, form: Form) -> int:
    planned = plan_locally(contract, server=choice.server, selection=selection)
    if form == "json":
        show_json(as_document(contract, planned))
    else:
        show(*render(contract, planned, choice.words))
    return Exit.OK


def _judge(contract: Contract, server: str | None, selection: Selection, manner: Manner) -> Report:
    read_settings = settings()
    _quieten(read_settings)
    with (
        progress(f"judging {contract.id} {contract.version}") as tell,
        listening(lambda far: tell(f"{far.phase}, {far.done:,} of {far.total:,} clauses")),
    ):
        judged = judge_locally(
            contract,
            server=server,
            folder=Path.cwd(),
            limits=replace(build_limits(read_settings), evidence=manner.rows > 0),
            clock=now if manner.at is None else _clock_from(manner.at),
            selection=selection,
        )
    for warning in judged.warnings:
        note("warning: ", warning)
    return replace(judged, results=tuple(_capped(result, manner.rows) for result in judged.results))


def _tell(source: Source, judged: Report, choice: Choice, *, outputs: Outputs, form: Form) -> None:
    document = documents.report(judged)
    if form == "json":
        chosen = {"selection": _chosen(judged, choice)} if choice.words else {}
        show_json({**document, **chosen})
    elif not outputs.replace_stdout:
        layout = report.Layout(places=_places(source, judged), width=room())
        shown = shaped(answers.Report, document)
        show(*report.render(shown, layout, choice.words), Text(), _next(source, judged))


def _chosen(judged: Report, choice: Choice) -> Mapping[str, Json]:
    """What was asked for, and how much of the promise that leaves out."""
    out = sum(result.finding.reason == NOT_SELECTED for result in judged.results)
    return {
        "schemas": list(choice.schema),
        "only": choice.only.value if choice.only else None,
        "dimensions": list(choice.dimension),
        "rules": list(choice.rule),
        "tags": list(choice.tag),
        "where": list(choice.where),
        "metadata_only": choice.metadata_only,
        "selected": len(judged.results) - out,
        "left_out": out,
    }


def _places(source: Source, judged: Report) -> Mapping[str, str]:
    """By key of a clause: where it stands, as ``orders.yaml:12``."""
    document = load(source.body)
    return {
        result.clause.key: f"{source.label}:{document.place(result.clause.pointer)[0]}"
        for result in judged.results
    }


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
    left_out = any(result.finding.reason == NOT_SELECTED for result in judged.results)
    advice = {
        "passed": f"assay publish {source.path} has it judged on schedule",
        "failed": "mend the data, or promise less; --evidence 20 shows more rows",
        "errored": "what errored was not judged: each clause says why",
        "skipped": "nothing was judged: the contract holds no clause that can be",
    }
    if left_out:
        advice |= {
            "passed": "this was a part of the promise; without options all of it is judged",
            "skipped": "nothing was judged: none of what was asked for can be",
        }
    return line(("next: ", FAINT), advice[judged.outcome.value])
