"""Whether a connection can be kept as it is given, and how it is told to people."""

import re
from collections.abc import Collection, Iterator
from ipaddress import ip_address
from typing import Final

from products.errors import Flaw, InvalidConnection
from products.model import Connection, Database

FILES: Final = "files"
_PORTS: Final = range(1, 65536)
_HOST: Final = re.compile(r"[\w.-]+|/[^\s,]*")
_CONNECTION_STRING: Final = re.compile(r"://|=")
_REFERENCE: Final = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:/.+")
HOW_REFERENCES_LOOK: Final = (
    "must say where the secret is kept, 'env:NAME' or 'file:/absolute/path', "
    "and never be the secret itself"
)


def is_reference(text: str) -> bool:
    """Whether ``text`` says where a secret is kept: ``env:NAME`` or ``file:/absolute/path``."""
    return text.isprintable() and _REFERENCE.fullmatch(text) is not None


def require_usable(connection: Connection, *, sources: Collection[str]) -> None:
    """Let pass a connection that can be kept.

    Raises:
        InvalidConnection: with everything that is wrong; ``sources`` are the known ones.
    """
    flaws = tuple(_flaws(connection, sources))
    if flaws:
        raise InvalidConnection(flaws)


def place(connection: Connection) -> str:
    """Return where it leads in one line."""
    at = connection.database
    if at is None:
        return ", ".join(str(root) for root in connection.roots)
    return spelt(host=at.host, port=at.port, name=at.name, user=at.user)


def spelt(*, host: str, port: int, name: str, user: str | None) -> str:
    """Return where a database is, such as ``assay@db.example.org:5432/sales``."""
    bracketed = f"[{host}]" if ":" in host else host
    return f"{user}@{bracketed}:{port}/{name}" if user else f"{bracketed}:{port}/{name}"


def _flaws(connection: Connection, sources: Collection[str]) -> Iterator[Flaw]:
    source, database = connection.source, connection.database
    if source not in sources:
        known = ", ".join(sorted(sources))
        yield Flaw(pointer="/source", message=f"there is no source {source!r}; known: {known}")
    elif source == FILES:
        yield from _flaws_of_files(connection)
    else:
        if connection.roots:
            yield Flaw(pointer="/roots", message=f"{source} is read from a database, not a folder")
        yield from _flaws_of_database(database or Database(host="", name=""))


def _flaws_of_files(connection: Connection) -> Iterator[Flaw]:
    if not connection.roots:
        yield Flaw(pointer="/roots", message="files need at least one folder that may be read")
    if connection.database is not None:
        yield Flaw(
            pointer="/source",
            message="files have roots, but no host, port, database, user, secret or tls",
        )


def _flaws_of_database(database: Database) -> Iterator[Flaw]:
    wrong = {
        "/host": _wrong_host(database.host),
        "/port": "" if database.port in _PORTS else f"{database.port} is no port: 1 to 65535 are",
        "/database": _wrong_name(database.name, "database"),
        "/user": "" if database.user is None else _wrong_name(database.user, "user"),
        "/secret": _wrong_secret(database.secret),
    }
    for pointer, message in wrong.items():
        if message:
            yield Flaw(pointer=pointer, message=message)


def _wrong_host(host: str) -> str:
    if not host:
        return "a database needs a host"
    fits = _is_address(host) if ":" in host else _HOST.fullmatch(host)
    if fits and host.isprintable():
        return ""
    return "must be a name, an IP address or the folder of a Unix socket, no URL"


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _wrong_name(name: str, what: str) -> str:
    if not name:
        return f"the name of the {what} is needed"
    plain = name.isprintable() and name.strip() == name and not _CONNECTION_STRING.search(name)
    return "" if plain else f"must be the name of a {what}, no connection string"


def _wrong_secret(secret: str | None) -> str:
    return "" if secret is None or is_reference(secret) else HOW_REFERENCES_LOOK
