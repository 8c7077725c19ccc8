"""Names of data: what a contract's servers say, and what OpenLineage calls the same.

Source:
    The OpenLineage naming specification: ``postgres://host:port`` and ``database.schema.table``;
    ``file`` and the absolute path.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from contracts.model import Contract, Schema, Server
from contracts.values import Json
from products.model import Connection, Database

STATED: Final = "openLineageDataset"
_MODEL: Final = "{model}"
_WILD: Final = frozenset("*?[")
_FILES: Final = frozenset({"file", "file:", "file://", "file:///"})
_POSTGRES: Final = frozenset({"postgres", "postgresql"})
_PORT: Final = 5432
_PUBLIC: Final = "public"
_DEPTH: Final = 20  # folders above a file that are looked at
_WHOLE_NAME: Final = 3  # database, schema, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A table, a file or a folder by name.

    Attributes:
        connection: The connection that leads there; empty for a name that needs none.
        name: Path below the connection's root or ``schema.table``; without a connection
            ``namespace/name`` of OpenLineage.
    """

    connection: str
    name: str


def promised(contract: Contract, custom: Json) -> frozenset[Dataset]:
    """Return the datasets that a contract is about.

    Args:
        contract: Its servers that name a connection are looked at.
        custom: The document's own ``customProperties``, as they stand there.
    """
    stated = (Dataset(connection="", name=name) for name in _stated(custom))
    served = (
        found
        for server in contract.servers
        if server.connection
        for schema in contract.schemas
        for found in _served(server, schema)
    )
    return frozenset((*stated, *served))


def candidates(namespace: str, name: str, connections: Sequence[Connection]) -> frozenset[Dataset]:
    """Return what a dataset of OpenLineage may be called by contracts."""
    stated = Dataset(connection="", name=f"{namespace}/{name}")
    scheme, _, address = namespace.partition("://")
    found: Iterable[Dataset] = ()
    if namespace in _FILES:
        found = _files(name, connections)
    elif scheme in _POSTGRES:
        found = _tables(address.partition("/")[0], name, connections)
    return frozenset((stated, *found))


def _stated(custom: Json) -> Iterator[str]:
    entries = custom if isinstance(custom, list) else []
    for entry in entries:
        if isinstance(entry, dict) and entry.get("property") == STATED:
            value = entry.get("value")
            names = value if isinstance(value, list) else [value]
            yield from (name.strip() for name in names if isinstance(name, str) and name.strip())


def _served(server: Server, schema: Schema) -> Iterator[Dataset]:
    connection = server.connection or ""
    if not server.holds_files:
        inside = server.options.get("schema")
        place = inside if isinstance(inside, str) and inside else _PUBLIC
        name = schema.physical_name
        yield Dataset(connection=connection, name=name if "." in name else f"{place}.{name}")
        return
    path = (server.path or "").replace(_MODEL, schema.physical_name)
    fixed = _fixed(path)
    if fixed:
        yield Dataset(connection=connection, name=fixed)


def _fixed(path: str) -> str:
    """The part of a path before the first wildcard; empty where nothing stands before it."""
    kept = []
    for part in PurePosixPath(path).parts:
        if _WILD & set(part):
            break
        kept.append(part)
    return "" if not kept or kept == ["/"] else PurePosixPath(*kept).as_posix()


def _files(name: str, connections: Sequence[Connection]) -> Iterator[Dataset]:
    path = PurePosixPath(f"/{name.lstrip('/')}")
    if ".." in path.parts:
        return
    places = (path, *list(path.parents)[:_DEPTH])
    for connection in connections:
        for root in connection.roots:
            for place in places:
                if place.is_relative_to(root.as_posix()):
                    below = place.relative_to(root.as_posix()).as_posix()
                    yield Dataset(connection=connection.name, name=below)
                    yield Dataset(connection=connection.name, name=place.as_posix())


def _tables(address: str, name: str, connections: Sequence[Connection]) -> Iterator[Dataset]:
    parts = name.split(".", 1)
    if name.count(".") < _WHOLE_NAME - 1:
        return
    database, table = parts
    host, _, port = address.rpartition("@")[2].lower().partition(":")
    for connection in connections:
        there = connection.database
        if there is not None and _is_at(there, host, port) and there.name == database:
            yield Dataset(connection=connection.name, name=table)


def _is_at(database: Database, host: str, port: str) -> bool:
    return database.host.lower() == host and str(database.port) == (port or str(_PORT))
