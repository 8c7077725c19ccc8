"""``assay connection``: name the ways to data, so that contracts need not."""

from pathlib import Path
from typing import Annotated, Final

from cyclopts import App, Parameter

from cli.answers import Connection, Items, shaped
from cli.client import connect
from cli.errors import BadUsage
from cli.exits import Exit
from cli.output import STRONG, Form, line, show, show_json, table

app: Final = App(name="connection", help="Name the ways to data.")


@app.command
def add(
    name: str,
    /,
    *,
    root: Annotated[list[Path], Parameter(negative="")],
    form: Form = "text",
) -> int:
    """Let contracts read files below some folders of the service's machine.

    Args:
        name: What contracts call it, under ``servers`` in the custom property ``connection``.
        root: A folder that may be read; again for each further one. Paths are read below the first.
        form: Answer for people or for programs.
    """
    if any(character in name for character in "/?#"):
        raise BadUsage(f"a connection cannot be called {name!r}: letters, digits, . _ and - only")
    roots = [str(folder.expanduser().absolute()) for folder in root]
    with connect() as client:
        answer = client.put(f"/connections/{name}", {"source": "files", "roots": roots})
    if form == "json":
        show_json(answer)
    else:
        kept = shaped(Connection, answer)
        show(line("connection ", (kept.name, STRONG), f" reads below {', '.join(kept.roots)}"))
    return Exit.OK


@app.command(name="list")
def list_(*, form: Form = "text") -> int:
    """List every connection."""
    with connect() as client:
        answer = client.get("/connections")
    if form == "json":
        show_json(answer)
        return Exit.OK
    found = shaped(Items[Connection], answer).items
    if not found:
        show(line("no connection yet; 'assay connection add NAME --root DIR' makes one"))
        return Exit.OK
    rows = [[one.name, one.source, ", ".join(one.roots)] for one in found]
    show(*table(("name", "source", "roots"), rows))
    return Exit.OK
