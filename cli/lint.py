"""``assay lint``: is it a contract, and if not, why not."""

from cli import problems as layout
from cli.exits import Exit
from cli.files import FileNames, Source, read
from cli.output import Form, show, show_json
from contracts.parse import examine
from contracts.problems import Problem
from contracts.values import Json
from usecases import documents


def lint(files: FileNames, /, *, form: Form = "text") -> int:
    """Say of each file whether it is a valid contract, with every problem and its place."""
    found = [(source, examine(source.body)) for source in [read(path) for path in files]]
    valid = all(contract is not None for _, (contract, _) in found)
    if form == "json":
        show_json({"files": [_file(source, known) for source, (_, known) in found]})
    else:
        for source, (_, known) in found:
            show(*layout.render(source, known))
    return Exit.OK if valid else Exit.INVALID


def _file(source: Source, known: tuple[Problem, ...]) -> Json:
    return {
        "path": source.path,
        "valid": not layout.errors(known),
        "problems": [documents.problem(problem) for problem in known],
    }
