"""Read the secret that a connection refers to, each time anew, so that a renewed one counts."""

from pathlib import Path
from typing import Final

from products.connections import HOW_REFERENCES_LOOK, is_reference
from runtime.logs import logger
from runtime.settings import is_secret_file, is_setting, variable
from usecases.errors import UnreadableSecret

_log = logger(__name__)
_LONGEST: Final = 4096  # bytes of a file; no password is longer


def read_secret(reference: str) -> str:
    """Return the secret behind ``env:NAME`` or ``file:/absolute/path``; see ``Secrets``.

    One newline at the end of a file is no part of the secret. The variables that are settings of
    the service are not given away.

    Raises:
        UnreadableSecret: there is none, or it can be none; logged here with its reference.
    """
    try:
        return _read(reference)
    except UnreadableSecret as error:
        _log.warning("secret unreadable", reference=error.reference, why=error.why)
        raise


def _read(reference: str) -> str:
    if not is_reference(reference):
        raise UnreadableSecret("?", HOW_REFERENCES_LOOK)  # it may be the secret itself
    kind, _, place = reference.partition(":")
    secret = _of_variable(reference, place) if kind == "env" else _of_file(reference, Path(place))
    if not secret:
        raise UnreadableSecret(reference, "it is empty")
    if "\0" in secret:
        raise UnreadableSecret(reference, "it holds a null character")
    return secret


def _of_variable(reference: str, name: str) -> str:
    if is_setting(name):
        raise UnreadableSecret(reference, f"{name} is a setting of the service itself")
    found = variable(name)
    if found is None:
        raise UnreadableSecret(reference, f"the service's environment has no variable {name}")
    return found


def _of_file(reference: str, path: Path) -> str:
    if is_secret_file(path):
        raise UnreadableSecret(reference, "it holds a setting of the service itself")
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise UnreadableSecret(reference, "there is no such file")
        with path.open("rb") as file:
            body = file.read(_LONGEST + 1)
        if len(body) > _LONGEST:
            raise UnreadableSecret(reference, f"the file is longer than {_LONGEST:,} bytes")
        text = body.decode()
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise UnreadableSecret(reference, why) from error
    except UnicodeDecodeError:  # its text quotes what was read
        raise UnreadableSecret(reference, "the file is no text in UTF-8") from None
    return text.removesuffix("\n").removesuffix("\r")
