"""Connections: named ways to data."""

from pathlib import Path as Folder
from typing import Annotated

from fastapi import APIRouter, Path

from access.errors import require
from access.model import Action
from api.ask import Asked, Guarded
from api.errors import BadInput, Fault
from api.models.admin import ConnectionDocument, ConnectionInput, Connections
from api.openapi import problems
from products.model import Connection
from usecases import documents
from usecases.connections import get_connection, list_connections, put_connection

router = APIRouter(prefix="/connections", tags=["connections"], route_class=Guarded)

Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=64)]


@router.put(
    "/{name}",
    summary="Set a connection",
    response_model=ConnectionDocument,
    responses=problems(401, 403, 422),
)
def set_connection(asked: Asked, name: Name, given: ConnectionInput) -> documents.Document:
    """Keep where a name leads; one of the same name is replaced."""
    require(asked.by, Action.ADMINISTER)  # before the file system is asked anything
    connection = Connection(name=name, source=given.source, roots=_folders(given.roots))
    put_connection(asked.store, connection, by=asked.by, clock=asked.clock)
    return documents.connection(connection)


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
def read_connection(asked: Asked, name: Name) -> documents.Document:
    """Return where a name leads."""
    return documents.connection(get_connection(asked.store, name, by=asked.by))


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
