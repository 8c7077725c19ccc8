"""``assay publish``: hand contracts to the service."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter
from pydantic import BaseModel
from rich.text import Text

from cli import faults, preview, problems
from cli.answers import Published, shaped
from cli.client import Client, InvalidThere, connect
from cli.errors import Refused
from cli.exits import Exit
from cli.files import FileNames, Source, read
from cli.login import Me
from cli.options import service
from cli.output import FAINT, GOOD, STRONG, Form, line, plural, show, show_json
from cli.times import instant
from contracts.problems import Problem
from contracts.values import Json
from usecases import documents


class _Looked(BaseModel):
    """What the service says of a document that it does not keep."""

    valid: bool
    problems: list[Problem]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file, and what the service says of it."""

    source: Source
    valid: bool
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Foretold:
    """A file and what publishing it would do; None where nobody here can tell."""

    file: _File
    one: preview.Preview | None

    @property
    def fine(self) -> bool:
        """Whether it would not be refused."""
        return self.file.valid and (self.one is None or self.one.would != "refuse")

    @property
    def does(self) -> bool:
        """Whether something would be another then, as far as can be told."""
        return self.one is not None and self.one.would != "nothing"


def publish(
    *files: FileNames,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    form: Form = "text",
) -> int:
    """Publish contracts; each becomes the version that the service judges from now on.

    Of several files none is published unless all are valid.

    Args:
        files: See the name.
        dry_run: Publish nothing: say whether it could be, and what would become of it.
        form: Answer for people or for programs.
    """
    sources = [read(path) for path in files]
    with connect() as client:
        if dry_run:
            return _preview(client, sources, form)
        return _publish_all(client, sources, form)


def _publish_all(client: Client, sources: Sequence[Source], form: Form) -> int:
    looked = [_look(client, source) for source in sources] if len(sources) > 1 else []
    if not all(file.valid for file in looked):
        return _say_invalid(looked, form)
    return _publish_each(client, sources, form)


def _publish_each(client: Client, sources: Sequence[Source], form: Form) -> int:
    done = [_publish(client, source, form) for source in sources]
    if form == "json":
        show_json({"files": [*done]})
    refused = any(entry["published"] is None for entry in done)
    return Exit.INVALID if refused else Exit.OK


def _look(client: Client, source: Source) -> _File:
    found = shaped(_Looked, client.upload("/contracts/lint", source.body))
    return _File(source=source, valid=found.valid, problems=tuple(found.problems))


def _say_invalid(looked: Sequence[_File], form: Form) -> int:
    """Tell all that is wrong with all files."""
    if form == "json":
        show_json({"files": [_entry(file.source, None, file.problems) for file in looked]})
        return Exit.INVALID
    for file in looked:
        show(*problems.render(file.source, file.problems))
    invalid = sum(not file.valid for file in looked)
    show(line(f"nothing was published: {invalid:,} of {plural(len(looked), 'file')} invalid"))
    return Exit.INVALID


def _preview(client: Client, sources: Sequence[Source], form: Form) -> int:
    """Say of each file what publishing it would do."""
    me = shaped(Me, client.get("/me"))
    found = [_foretell(client, source, me) for source in sources]
    if form == "json":
        show_json({"dry_run": True, "files": [_foretold(each) for each in found]})
    else:
        _say_foretold(found)
    return Exit.OK if all(each.fine for each in found) else Exit.INVALID


def _foretell(client: Client, source: Source, me: Me) -> _Foretold:
    file = _look(client, source)
    one = preview.preview(client, source, me) if file.valid else None
    return _Foretold(file=file, one=one)


def _foretold(found: _Foretold) -> Json:
    return {
        "path": found.file.source.path,
        "valid": found.file.valid,
        "problems": [documents.problem(problem) for problem in found.file.problems],
        "preview": preview.as_document(found.one) if found.one else None,
    }


def _say_foretold(found: Sequence[_Foretold]) -> None:
    show(*(text for each in found for text in _would(each.file, each.one)))
    does = all(each.fine for each in found) and any(each.does for each in found)
    hint = "; leave --dry-run out to do it" if does else ""
    show(line((f"nothing was published{hint}", FAINT)))


def _would(file: _File, one: preview.Preview | None) -> list[Text]:
    if one is None:
        return problems.render(file.source, file.problems)
    warnings = problems.listed(file.source, file.problems)
    return [*warnings, *preview.render(file.source, one)]


def _publish(client: Client, source: Source, form: Form) -> dict[str, Json]:
    """Publish one file, say so, and return its entry for programs."""
    try:
        answer = client.upload("/contracts", source.body)
    except InvalidThere as error:
        if form == "text":
            show(*problems.render(source, error.problems))
        return _entry(source, None, error.problems)
    except Refused as error:
        faults.told(error, faults.Asked(command="assay publish", form=form), file=source.label)
        return _entry(source, None, ())
    if form == "text":
        show(*_told(source, shaped(Published, answer), service().service_url))
    return _entry(source, answer, ())


def _entry(source: Source, answer: Json, found: Sequence[Problem]) -> dict[str, Json]:
    told = [documents.problem(problem) for problem in found]
    return {"path": source.path, "published": answer, "problems": told}


def _told(source: Source, done: Published, url: str) -> list[Text]:
    did = ("published", GOOD) if done.created else ("unchanged", FAINT)
    promises = f"{plural(done.clauses, 'clause')}, {done.executable:,} of them judged"
    when = "when asked: assay run " + done.product
    if done.next_run is not None:
        when = instant(done.next_run)
    return [
        *problems.listed(source, done.warnings),
        line((source.label, STRONG), ": ", did, f" {done.id} {done.version} in {done.product}"),
        line(("  promises  ", FAINT), promises),
        line(("  next run  ", FAINT), when),
        line(("  card      ", FAINT), url + done.links.page),
    ]
