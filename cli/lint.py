"""``assay lint``: is it a contract, and if not, why not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter
from rich.text import Text

from cli import problems as layout
from cli.errors import BadUsage
from cli.exits import Exit
from cli.files import FileNames, Source, read
from cli.formats.cases import of_problems
from cli.formats.outputs import Outputs
from cli.output import BAD, FAINT, GOOD, STRONG, Form, line, plural, show, show_json
from contracts.problems import Problem
from contracts.values import Json
from runtime.clock import now
from usecases import documents
from usecases.lint import lint as look_over

_ENDINGS: Final = (".odcs.yaml", ".odcs.yml", ".odcs.json")
_TERMINAL: Final = Outputs()
_FILES: Final = "Contract files; - reads stdin; of a folder every *.odcs.yaml in it is read."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """A file and what there is to say about it."""

    source: Source
    problems: tuple[Problem, ...]

    @property
    def wrong(self) -> int:
        return layout.errors(self.problems)


def lint(
    *files: Annotated[FileNames, Parameter(help=_FILES)],
    strict: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    outputs: Outputs = _TERMINAL,
    form: Form = "text",
) -> int:
    """Say of each file whether it is a valid contract, with every problem and its place.

    Args:
        files: See the name.
        strict: Take warnings for errors in the exit status.
        outputs: What build servers are told.
        form: Answer for people or for programs.
    """
    outputs.claim(form)
    sources = [read(path) for place in files for path in _found(place)]
    looked = [_Looked(source=source, problems=look_over(source.body)[1]) for source in sources]
    _say(looked, outputs, form)
    bad = any(each.wrong or (strict and each.problems) for each in looked)
    return Exit.INVALID if bad else Exit.OK


def _say(looked: Sequence[_Looked], outputs: Outputs, form: Form) -> None:
    """Tell people, programs and build servers."""
    if form == "json":
        show_json({"files": [_file(each) for each in looked]})
    elif not outputs.replace_stdout:
        show(*_told(looked))
    if outputs.wanted:
        at = now()
        suites = [of_problems(each.source, each.problems, at=at) for each in looked]
        outputs.write(suites, of="lint", form=form)


def _found(place: str) -> Iterator[str]:
    """The file itself, or the contracts below a folder, in order; hidden folders are passed over.

    Raises:
        BadUsage: the folder holds none.
    """
    folder = Path(place)
    if not folder.is_dir():
        yield place
        return
    below = sorted(path for path in folder.rglob("*") if path.name.endswith(_ENDINGS))
    shown = [
        path
        for path in below
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    if not shown:
        raise BadUsage(
            f"no *.odcs.yaml in the folder {place}; name a file to read it whatever it is called"
        )
    yield from map(str, shown)


def _told(looked: Sequence[_Looked]) -> Iterator[Text]:
    for each in looked:
        yield from layout.render(each.source, each.problems)
        if len(looked) > 1 and each.problems:
            yield Text()
    if len(looked) > 1:
        yield _summary(looked)
    if hint := _hint(looked):
        yield line(("next: ", FAINT), hint)


def _summary(looked: Sequence[_Looked]) -> Text:
    invalid = sum(bool(each.wrong) for each in looked)
    wrong = sum(each.wrong for each in looked)
    warnings = sum(len(each.problems) for each in looked) - wrong
    verdict = (f"{invalid:,} invalid", BAD) if invalid else ("all valid", GOOD)
    return line((plural(len(looked), "file"), STRONG), ": ", verdict, layout.told(wrong, warnings))


def _hint(looked: Sequence[_Looked]) -> str:
    if any(each.wrong for each in looked):
        return ""
    first = looked[0].source.path
    return f"assay check {first} judges the data it describes" if len(looked) == 1 else ""


def _file(looked: _Looked) -> Json:
    return {
        "path": looked.source.path,
        "valid": not looked.wrong,
        "problems": [documents.problem(problem) for problem in looked.problems],
    }
