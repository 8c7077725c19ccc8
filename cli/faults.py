"""Whatever stopped a command -> one line on stderr and an exit status."""

import contextlib
import difflib
import os
import sys
import traceback
from importlib import import_module
from typing import Final, TextIO

from cyclopts import CycloptsError, UnknownCommandError

from access.errors import AccessError
from cli.errors import CliError
from cli.exits import Exit
from cli.output import note
from contracts.errors import ContractError
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
_EXITS_BY_NAME: Final = {  # errors whose modules are too heavy to be loaded for every command
    "runtime.embedded:CannotStart": Exit.UNJUDGED,
    "runtime.folder:FolderUnusable": Exit.UNJUDGED,
    "cli.demo.screen:StoryBroken": Exit.NO,
}


def told(error: Exception) -> Exit:
    """Say what happened, and return the status to end with."""
    status = _status(error)
    if status is not Exit.BUG:
        note(f"assay: {_sentence(error)}")
        return status
    cause = error.__cause__ or error
    note(f"assay: a fault of ours: {type(cause).__name__}: {_sentence(cause)}")
    if _curious():
        sys.stderr.write("".join(traceback.format_exception(error)))
    else:
        note("assay: set ASSAY_LOG_LEVEL=DEBUG to see where, and please report it")
    return status


def misused(error: CycloptsError) -> Exit:
    """Say what is wrong with the command line, and where its help is."""
    command = " ".join(["assay", *(error.command_chain or ())])
    sentence = _unknown(error) if isinstance(error, UnknownCommandError) else _sentence(error)
    note(f"assay: {sentence} See '{command} --help'.")
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
