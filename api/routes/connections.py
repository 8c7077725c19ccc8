"""Connections: named ways to data."""

from collections.abc import Callable
from pathlib import Path as Folder
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Header, Path, Response

from access.errors import require
from access.model import Action
from api import tags
from api.ask import Asked, Guarded
from api.errors import BadInput, Changed, Fault
from api.models.admin import (
    CONNECTIONS_GIVEN,
    ConnectionDocument,
    ConnectionInput,
    Connections,
    ConnectionTry,
)
from api.openapi import problems
from products.model import Connection, Database, Tls
from runtime.limits import build_limits
from runtime.secret import read_secret
from usecases import documents
from usecases.connections import (
    get_connection,
    list_connections,
    put_connection,
    try_connection,
)

router = APIRouter(prefix="/connections", tags=["connections"], route_class=Guarded)

Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=64)]
IfMatch = Annotated[str | None, Header(description="The ETag that it must have now.")]
IfNoneMatch = Annotated[str | None, Header(description="`*`: there must be none.")]


class Condition:
    """What must hold of a connection for it to be replaced."""

    def __init__(self, if_match: IfMatch = None, if_none_match: IfNoneMatch = None) -> None:
        self._must = if_match
        self._must_not = if_none_match

    def unless(self, name: str) -> Callable[[Connection | None], None]:
        """Return what looks at the one that is there and raises ``Changed`` where it must stay."""

        def look(there: Connection | None) -> None:
            tag = None if there is None else tags.strong(documents.connection(there))
            moved = self._must is not None and not tags.expected(self._must, tag)
            taken = self._must_not is not None and tag and tags.unchanged(self._must_not, tag)
            if moved or taken:
                raise Changed(f"connection {name!r}", tag)

        return look


Given = Annotated[ConnectionInput, Body(openapi_examples=CONNECTIONS_GIVEN)]


@router.put(
    "/{name}",
    summary="Set a connection",
    response_model=ConnectionDocument,
    responses=problems(401, 403, 412, 413, 415, 422),
)
def set_connection(
    asked: Asked,
    name: Name,
    given: Given,
    response: Response,
    condition: Annotated[Condition, Depends()],
) -> documents.Document:
    """Keep where a name leads; one of the same name is replaced.

    With `If-Match` only where it still is what you have read, with `If-None-Match: *` only where
    there is none.
    """
    require(asked.by, Action.ADMINISTER)  # before the file system is asked anything
    connection = Connection(
        name=name,
        source=given.source,
        roots=_folders(given.roots),
        database=_database(given),
    )
    put_connection(
        asked.store, connection, by=asked.by, unless=condition.unless(name), clock=asked.clock
    )
    return _tagged(connection, response)


@router.get("", summary="List connections", response_model=Connections, responses=problems(401))
def read_connections(asked: Asked) -> documents.Document:
    """Return every connection, by name."""
    found = list_connections(asked.store, by=asked.by)
    return {"items": [documents.connection(row) for row in found]}


@router.get(
    "/{name}",
    summary="Read a connection",
    response_model=ConnectionDocument,
    responses=problems(401, 404, 422),
)
def read_connection(asked: Asked, name: Name, response: Response) -> documents.Document:
    """Return where a name leads; its ETag is what `If-Match` of a later change is held against."""
    return _tagged(get_connection(asked.store, name, by=asked.by), response)


@router.post(
    "/{name}/test",
    summary="Try a connection",
    response_model=ConnectionTry,
    responses=problems(401, 403, 404, 422),
)
def test_connection(asked: Asked, name: Name) -> documents.Document:
    """Open a connection from here, and say what came of it: `ok` is false where it cannot be read.

    Runs are judged by the workers, whose machine may see less or more than this one.
    """
    tried = try_connection(
        asked.store,
        name,
        by=asked.by,
        secrets=read_secret,
        limits=build_limits(asked.settings),
        clock=asked.clock,
    )
    return documents.tried(tried)


def _tagged(connection: Connection, response: Response) -> documents.Document:
    shown = documents.connection(connection)
    response.headers["ETag"] = tags.strong(shown)
    return shown


def _database(given: ConnectionInput) -> Database | None:
    """What was given of a database; None where nothing was."""
    stated = given.model_dump(exclude={"source", "roots"}, exclude_none=True)
    if not stated:
        return None
    return Database(
        host=given.host or "",
        port=5432 if given.port is None else given.port,
        name=given.database or "",
        user=given.user,
        secret=given.secret,
        tls=given.tls or Tls.PREFER,
    )


def _folders(roots: list[str]) -> tuple[Folder, ...]:
    faults = tuple(
        Fault(code="bad-root", pointer=f"/roots/{place}", detail=f"{root!r} {wrong}")
        for place, root in enumerate(roots)
        if (wrong := _wrong(root))
    )
    if faults:
        raise BadInput(faults)
    return tuple(Folder(root) for root in roots)


def _wrong(root: str) -> str:
    """Return why ``root`` cannot be one; empty when it can."""
    if "\0" in root:
        return "holds a null character"
    if not Folder(root).is_absolute():
        return "is no absolute path"
    try:
        return "" if Folder(root).is_dir() else "is no existing folder"
    except OSError as error:
        return f"cannot be looked at: {error.strerror}"
