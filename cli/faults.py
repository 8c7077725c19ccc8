"""Whatever stopped a command -> one line on stderr and an exit status.

Where ``--format json`` was asked for, the line is a problem document: what happened (``title``,
``detail``), where (``command``, and ``errors`` with the places in a document) and what to do
(``next``). It goes to stderr too, so that stdout holds answers only.
"""

import contextlib
import difflib
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from itertools import pairwise
from typing import Final, TextIO

from cyclopts import (
    CycloptsError,
    MissingArgumentError,
    UnknownCommandError,
    UnusedCliTokensError,
)

from access.errors import AccessError
from cli.errors import CliError
from cli.exits import Exit
from cli.output import note, note_json
from contracts.errors import ContractError
from contracts.problems import Problem
from contracts.values import Json
from store.errors import StoreError
from usecases.errors import Conflict, NotFound, UseCaseError

_SETTINGS: Final = "cli.options"  # loaded for a fault of ours only: pydantic costs 0.1 s
_EXITS: Final[dict[type[Exception], Exit]] = {
    NotFound: Exit.USAGE,
    Conflict: Exit.USAGE,
    UseCaseError: Exit.UNJUDGED,
    ContractError: Exit.INVALID,
    AccessError: Exit.SERVICE,
    StoreError: Exit.UNJUDGED,
    OSError: Exit.UNJUDGED,
}
_KINDS: Final = {  # what it is, and what to do about it
    Exit.NO: ("the answer is no", "mend what the detail names"),
    Exit.USAGE: ("this cannot be done as it was asked for", "{command} --help"),
    Exit.INVALID: (
        "the contract is not taken",
        "mend the contract; 'assay lint FILE' shows its problems with their places",
    ),
    Exit.UNJUDGED: ("something stands in the way", "'assay doctor' looks for what is wrong"),
    Exit.SERVICE: (
        "the service does not answer, or does not let this token in",
        "'assay whoami' says which service, and as whom",
    ),
    Exit.BUG: (
        "a fault of ours",
        "set ASSAY_LOG_LEVEL=DEBUG to see where, and please report it",
    ),
}
_EXITS_BY_NAME: Final = {  # errors whose modules are too heavy to be loaded for every command
    "runtime.embedded:CannotStart": Exit.UNJUDGED,
    "runtime.folder:FolderUnusable": Exit.UNJUDGED,
    "cli.demo.screen:StoryBroken": Exit.NO,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for: the name of the command, and in which form it answers."""

    command: str = "assay"
    form: str = "text"


_NOTHING: Final = Asked()


def asked(arguments: Sequence[str]) -> Asked:
    """Return the form that a command line asks for, read from its bare words.

    The line may be one that cannot be understood; whoever understands it adds the command.
    """
    parted = ("--format", "json") in pairwise(arguments)
    is_json = parted or "--format=json" in arguments
    return Asked(form="json" if is_json else "text")


def told(error: Exception, by: Asked = _NOTHING, *, file: str = "") -> Exit:
    """Say what happened, and return the status to end with; ``file``: which one it is about."""
    status = _status(error)
    place = f"{file}: " if file else ""
    if status is not Exit.BUG:
        _say(by, status, f"{place}{_sentence(error)}", problems=_problems(error))
        return status
    cause = error.__cause__ or error
    sentence = f"{place}a fault of ours: {type(cause).__name__}: {_sentence(cause)}"
    trace = "".join(traceback.format_exception(error)) if _curious() else ""
    _say(by, status, sentence, trace=trace)
    if by.form == "text":
        _say_where(trace)
    return status


def misused(error: CycloptsError, by: Asked = _NOTHING) -> Exit:
    """Say what is wrong with the command line, and where its help is."""
    _say(by, Exit.USAGE, _misuse(error), after=f" See '{by.command} --help'.")
    return Exit.USAGE


def close_quietly(stream: TextIO) -> None:
    """Flush ``stream`` for the last time; that nobody reads it any more passes in silence."""
    try:
        stream.flush()
    except BrokenPipeError:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _status(error: Exception) -> Exit:
    if isinstance(error, CliError):
        return error.exit
    for kind, status in _EXITS.items():
        if isinstance(error, kind):
            return status
    name = f"{type(error).__module__}:{type(error).__qualname__}"
    return _EXITS_BY_NAME.get(name, Exit.BUG)


def _sentence(error: BaseException) -> str:
    """Return what ``error`` says in one line."""
    if isinstance(error, OSError) and error.strerror:
        place = f" {error.filename}:" if error.filename else ""
        return f"{place} {error.strerror.lower()}".strip()
    return " ".join(str(error).split()) or type(error).__name__


def _problems(error: Exception) -> list[Json]:
    """Return the problems of a document, where that is what stopped the command."""
    found = getattr(error, "problems", ())
    return [asdict(problem) for problem in found if isinstance(problem, Problem)]


def _say(
    by: Asked,
    status: Exit,
    sentence: str,
    *,
    after: str = "",
    problems: Sequence[Json] = (),
    trace: str = "",
) -> None:
    """Write what happened to stderr: a sentence, or a problem document (RFC 9457) in one line."""
    if by.form == "text":
        note(f"assay: {sentence}{after}")
        return
    title, advice = _KINDS[status]
    document: dict[str, Json] = {
        "type": f"urn:assay:problem:{status.name.lower()}",
        "title": title,
        "detail": sentence,
        "command": by.command,
        "next": advice.format(command=by.command),
        "exit": int(status),
    }
    if problems:
        document["errors"] = [*problems]
    if trace:
        document["trace"] = trace
    note_json(document)


def _say_where(trace: str) -> None:
    """Say for people where a fault of ours happened, or how to see that."""
    if trace:
        sys.stderr.write(trace)
    else:
        note(f"assay: {_KINDS[Exit.BUG][1]}")


def _misuse(error: CycloptsError) -> str:
    """Return what is wrong with the command line."""
    match error:
        case UnknownCommandError():
            return _unknown(error)
        case MissingArgumentError():
            return _missing(error)
        case UnusedCliTokensError():
            return f"there is no place for {', '.join(map(repr, error.unused_tokens or ()))}."
        case _:
            return _sentence(error)


def _missing(error: MissingArgumentError) -> str:
    """Say what is missing, and in the words of its help what it is for."""
    argument = error.argument
    if argument is None:
        return _sentence(error)
    what = "wants a value" if error.keyword else "is missing"
    meaning = " ".join(_help(error, argument.name).replace("``", "").split()).rstrip(".")
    if meaning[1:2].islower():
        meaning = meaning[0].lower() + meaning[1:]
    return f"{argument.name} {what}{f': {meaning}' if meaning else ''}."


def _help(error: MissingArgumentError, name: str) -> str:
    if error.app is None:
        return ""
    known = error.app.assemble_argument_collection(parse_docstring=True)
    return next((each.parameter.help or "" for each in known if each.name == name), "")


def _unknown(error: UnknownCommandError) -> str:
    """Say which command there is not. The error's own text would load every command to do so."""
    word = (error.unused_tokens or ["?"])[0]
    names = [name for name in error.app or () if not name.startswith("-")]
    near = difflib.get_close_matches(word, names, n=1)
    known = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(names)}."
    return f"there is no command {word!r}. {known}"


def _curious() -> bool:
    """Whether the operator wants to see where a fault of ours happened."""
    try:
        return bool(import_module(_SETTINGS).settings().log_level == "DEBUG")
    except CliError:
        return False
