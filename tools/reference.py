"""The reference of the command line and of the API, written from what they say of themselves.

``python -m tools.reference`` writes it; a test holds that it is up to date.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from api.app import create_app
from cli.main import app
from runtime.settings import Settings
from store.engine import create_store_engine
from store.sql_store import SqlStore

_DOCS: Final = Path(__file__).parents[1] / "docs"
_WRITTEN: Final = "Written by `python -m tools.reference`; do not edit it here.\n"
_CODES: Final = (
    "## Exit status\n\n"
    "0 fine; 1 the data or a gate says no; 2 wrong usage; 3 the contract is invalid; "
    "4 could not judge; 5 the service or its token.\n"
)
_METHODS: Final = ("get", "post", "put", "patch", "delete")


def commands() -> str:
    """Return ``docs/cli.md``: every command with its arguments."""
    given, sys.argv = sys.argv, ["assay"]  # cyclopts calls the program as this process was
    try:
        told = app.generate_docs(output_format="markdown", include_hidden=False)
    finally:
        sys.argv = given
    _, _, body = told.partition("## Table of Contents")
    lines = (line.rstrip() for line in body.splitlines())
    return f"# Commands\n\n{_WRITTEN}\n{_CODES}\n## Contents" + "\n".join(lines).rstrip() + "\n"


def routes() -> str:
    """Return ``docs/api.md``: every route with what it is for."""
    store = SqlStore(create_store_engine("sqlite:///never-opened.db"))
    document = create_app(store, Settings()).openapi()
    parts = [f"# The API\n\n{_WRITTEN}", document["info"]["description"].strip(), ""]
    parts.append(
        "Shapes and examples stand in the service's own `/docs`, and as OpenAPI in `/openapi.json`."
    )
    for tag in document["tags"]:
        rows = list(_rows(document["paths"], tag["name"]))
        parts += ["", f"## {tag['name'].capitalize()}", "", tag["description"], ""]
        parts += ["| route | what it does |", "| --- | --- |", *rows]
    return "\n".join(parts) + "\n"


# An OpenAPI document is whatever JSON holds.
def _rows(paths: Mapping[str, Any], tag: str) -> Iterator[str]:
    for path, operations in paths.items():
        for method in _METHODS:
            operation = operations.get(method)
            if operation and tag in operation["tags"][:1]:
                words = " ".join(operation.get("description", "").split())
                yield f"| `{method.upper()} {path}` | {operation['summary']}. {words} |"


WRITERS: Final = {"cli.md": commands, "api.md": routes}


def main() -> None:
    """Write every reference."""
    for name, write in WRITERS.items():
        (_DOCS / name).write_text(write())


if __name__ == "__main__":
    main()
