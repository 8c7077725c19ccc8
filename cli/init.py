"""``assay init``: a contract to begin with, drafted from data or from nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter
from rich.text import Text

from checks.errors import CheckError
from cli.errors import BadUsage, Unready
from cli.options import settings
from cli.output import (
    FAINT,
    GOOD,
    STRONG,
    UNSURE,
    Form,
    line,
    plural,
    progress,
    show,
    show_json,
    table,
)
from contracts.values import Json
from runtime.clock import now
from runtime.limits import build_limits
from usecases.draft import Draft, blank, draft
from usecases.draft_text import rate
from usecases.errors import Unlocatable
from usecases.proposals import Proposal

_STDOUT: Final = "-"


def init(
    *,
    from_: Annotated[list[Path], Parameter(name="--from", consume_multiple=True, negative="")]
    | None = None,
    to: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    force: Annotated[bool, Parameter(negative="")] = False,
    form: Form = "text",
) -> None:
    """Write a contract to begin with.

    Args:
        from_: CSV or Parquet files of one folder, each an object: what every row keeps is promised,
            what most rows keep stands in a comment with its measured rate.
        to: File to write (default: NAME.odcs.yaml here); - writes the contract to stdout.
        force: Replace the file if it is there.
        form: Answer for people or for programs.
    """
    found = _drafted(from_) if from_ else blank()
    path = to or f"{found.name}.odcs.yaml"
    if path == _STDOUT:
        show(*(line(text) for text in found.text.splitlines()))
        return
    _write(Path(path), found.text, force=force)
    if form == "json":
        show_json(_document(path, found))
    else:
        show(*_told(path, found))


def _drafted(files: Sequence[Path]) -> Draft:
    for file in files:
        if not file.is_file():
            why = "it is a folder; name the files in it" if file.is_dir() else "no such file"
            raise BadUsage(f"cannot read {file}: {why}")
    limits = build_limits(settings())
    try:
        with progress(f"measuring {plural(len(files), 'file')}"):
            return draft(files, base=Path.cwd(), limits=limits, clock=now)
    except Unlocatable as error:
        raise BadUsage(str(error)) from error
    except CheckError as error:
        raise Unready(str(error)) from error


def _write(path: Path, text: str, *, force: bool) -> None:
    try:
        with path.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise BadUsage(
            f"{path} is there already; --force replaces it, --to names another"
        ) from error
    except OSError as error:
        raise Unready(f"cannot write {path}: {str(error.strerror).lower()}") from error


def _told(path: str, found: Draft) -> list[Text]:
    kept = [proposal for proposal in found.proposals if proposal.kept]
    rest = [proposal for proposal in found.proposals if not proposal.kept]
    lines = [line(("drafted ", GOOD), (path, STRONG), _source(found))]
    if found.profiles:
        lines.append(line(f"  {plural(len(kept), 'promise')} that every row keeps"))
    if rest:
        lines.append(line(f"  {len(rest)} more in comments, which most rows keep:"))
        lines += [Text("    ") + row for row in table(("", "", ""), [_row(each) for each in rest])]
    lines.append(line())
    lines.append(line(("next: ", FAINT), f"say in it who promises what, then assay check {path}"))
    return lines


def _source(found: Draft) -> str:
    return f" from {plural(len(found.profiles), 'file')}" if found.profiles else ""


def _row(proposal: Proposal) -> tuple[str, str, tuple[str, str]]:
    candidate = proposal.candidate
    place = (
        candidate.schema if candidate.column is None else f"{candidate.schema}.{candidate.column}"
    )
    return place, candidate.kind.value, (rate(proposal), UNSURE)


def _document(path: str, found: Draft) -> Json:
    return {
        "path": path,
        "objects": [{"name": each.name, "rows": each.rows} for each in found.profiles],
        "proposals": [
            {
                "schema": each.candidate.schema,
                "column": each.candidate.column,
                "kind": each.candidate.kind.value,
                "value": each.candidate.value,
                "rows": each.rows,
                "failed_rows": each.broken,
                "rate": each.rate,
                "promised": each.kept,
            }
            for each in found.proposals
        ],
    }
