"""``assay publish``: hand contracts to the service."""

from collections.abc import Sequence

from rich.text import Text

from cli import problems
from cli.answers import Published, shaped
from cli.client import Client, InvalidThere, connect
from cli.errors import Refused
from cli.exits import Exit
from cli.files import FileNames, Source, read
from cli.options import settings
from cli.output import FAINT, GOOD, STRONG, Form, line, note, plural, show, show_json
from cli.times import instant
from contracts.problems import Problem
from contracts.values import Json
from usecases import documents


def publish(files: FileNames, /, *, form: Form = "text") -> int:
    """Publish contracts; each becomes the version that the service judges from now on."""
    sources = [read(path) for path in files]
    with connect() as client:
        done = [_publish(client, source, form) for source in sources]
    if form == "json":
        show_json({"files": done})
    refused = any(isinstance(entry, dict) and entry["published"] is None for entry in done)
    return Exit.INVALID if refused else Exit.OK


def _publish(client: Client, source: Source, form: Form) -> Json:
    """Publish one file, say so, and return its entry for programs."""
    try:
        answer = client.upload("/contracts", source.body)
    except InvalidThere as error:
        if form == "text":
            show(*problems.render(source, error.problems))
        return _entry(source, None, error.problems)
    except Refused as error:
        note(f"assay: {source.label}: {error}")
        return _entry(source, None, ())
    if form == "text":
        show(*_told(source, shaped(Published, answer), settings().service_url))
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
