"""``assay connection``: name the ways to data, so that contracts need not, and try them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from cyclopts import App, Parameter

from cli.answers import Connection, Items, Try, shaped
from cli.client import connect
from cli.errors import BadUsage
from cli.exits import Exit
from cli.output import BAD, GOOD, STRONG, Form, Part, line, progress, show, show_json, table
from contracts.values import Json
from products.connections import FILES, HOW_REFERENCES_LOOK, is_reference
from products.model import Tls

app: Final = App(name="connection", help="Name the ways to data, and try them.")
_MEMBERS: Final = ("host", "port", "database", "user", "secret", "tls")  # of a database


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a connection leads.

    Attributes:
        root: For files: a folder that may be read; again for each further one. Paths are read
            below the first.
        source: What is there: ``files``, or a database such as ``postgresql``.
        host: For a database: name or IP address of its server.
        port: For a database: 5432 where none is given.
        database: For a database: what it is called there.
        user: For a database: as whom it is asked; best a role that can only read.
        secret: For a database: where its password is kept, ``env:NAME`` or ``file:/path``, as the
            service sees it; never the password itself.
        tls: For a database: how the way there is secured.
    """

    root: Annotated[list[Path] | None, Parameter(negative="")] = None
    source: str = FILES
    host: str | None = None
    port: int | None = None
    database: str | None = None
    user: str | None = None
    secret: str | None = None
    tls: Tls | None = None


_NOWHERE: Final = Place()


@app.command
def add(name: str, /, *, place: Place = _NOWHERE, form: Form = "text") -> int:
    """Let contracts read files below some folders of the service's machine, or a database.

    Args:
        name: What contracts call it, under ``servers`` in the custom property ``connection``.
        place: See there.
        form: Answer for people or for programs.
    """
    path = _path(name)
    document = _document(place)
    with connect() as client:
        answer = client.put(path, document)
    if form == "json":
        show_json(answer)
        return Exit.OK
    kept = shaped(Connection, answer)
    where = f"below {kept.place}" if kept.roots else kept.place
    show(line("connection ", (kept.name, STRONG), f" reads {where}"))
    if not kept.roots:
        show(line(f"next: assay connection test {kept.name}"))
    return Exit.OK


@app.command(name="list")
def list_(*, form: Form = "text") -> int:
    """List every connection; where they lead is shown to administrators."""
    with connect() as client:
        answer = client.get("/connections")
    if form == "json":
        show_json(answer)
        return Exit.OK
    found = shaped(Items[Connection], answer).items
    if not found:
        show(line("no connection yet; 'assay connection add NAME --root DIR' makes one"))
        return Exit.OK
    rows = [[one.name, one.source, one.place, one.tls or "", one.secret or ""] for one in found]
    show(*table(("name", "source", "reads", "tls", "secret"), rows))
    return Exit.OK


@app.command(name="test")
def try_(name: str, /, *, form: Form = "text") -> int:
    """Have the service open a connection, and say what came of it.

    Args:
        name: What the connection is called.
        form: Answer for people or for programs.
    """
    path = _path(name)
    with connect() as client, progress(f"trying {name}"):
        answer = client.post(f"{path}/test")
    tried = shaped(Try, answer)
    if form == "json":
        show_json(answer)
    else:
        verdict: Part = ("can be read", GOOD) if tried.ok else ("cannot be read", BAD)
        told = f": {tried.detail} ({tried.seconds:.2f} s)"
        show(line("connection ", (tried.name, STRONG), " ", verdict, told))
    return Exit.OK if tried.ok else Exit.UNJUDGED


def _path(name: str) -> str:
    if any(character in name for character in "/?#"):
        raise BadUsage(f"a connection cannot be called {name!r}: letters, digits, . _ and - only")
    return f"/connections/{name}"


def _document(place: Place) -> Json:
    """What the service is told; a password that was given in place of a reference never is."""
    if place.source == FILES and not place.root:
        raise BadUsage(
            "say where it leads: '--root DIR' for files, "
            "'--source postgresql --host HOST --database NAME' for a database"
        )
    if place.secret is not None and not is_reference(place.secret):
        raise BadUsage(f"--secret {HOW_REFERENCES_LOOK}")
    return dict(_stated(place))


def _stated(place: Place) -> Iterator[tuple[str, Json]]:
    yield "source", place.source
    if place.root:
        yield "roots", [str(folder.expanduser().absolute()) for folder in place.root]
    for word in _MEMBERS:
        value = getattr(place, word)
        if value is not None:
            yield word, value
