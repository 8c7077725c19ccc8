"""A contract's server entry -> the place its data lies, for the service and for a local check."""

from pathlib import Path

from checks.location import Location
from contracts.model import Contract, Server
from usecases.errors import NotFound, Unlocatable
from usecases.ports.promise import Connections


def choose_server(contract: Contract, name: str | None) -> Server:
    """Return the server entry called ``name``, or the first one.

    Raises:
        NotFound: there is no entry of that name; the message lists the known ones.
        Unlocatable: the contract has no server at all.
    """
    if not contract.servers:
        raise Unlocatable("the contract names no server; add an entry under 'servers'")
    if name is None:
        return contract.servers[0]
    for server in contract.servers:
        if server.name == name:
            return server
    raise NotFound("server", name, known=[server.name for server in contract.servers])


def locate(contract: Contract, connections: Connections) -> Location:
    """Return where the service reads the contract's data: below the roots of its named connection.

    Raises:
        Unlocatable: no server names a connection, or the service has none of that name.
    """
    named = [server for server in contract.servers if server.connection]
    if not named:
        raise Unlocatable(
            "no server of the contract names a connection of the service; add "
            "'customProperties: [{property: connection, value: NAME}]' to it"
        )
    server = named[0]
    connection = connections.get(server.connection or "")
    if connection is None:
        raise Unlocatable(f"the service has no connection {server.connection!r}")
    return Location(
        source=connection.source,
        roots=connection.roots,
        path=server.path or "",
        format=server.format,
        options=server.options,
    )


def locate_locally(
    contract: Contract, server_name: str | None, folder: Path
) -> tuple[str, Location]:
    """Return the server's name and where ``assay check`` reads it: inside ``folder`` only.

    Raises:
        NotFound: there is no server of that name.
        Unlocatable: the server is not a local one, or gives no path.
    """
    server = choose_server(contract, server_name)
    if server.type not in {"local", "file", "files", "custom"}:
        raise Unlocatable(
            f"server {server.name!r} is of type {server.type!r}; only local files are read so far"
        )
    if not server.path:
        raise Unlocatable(f"server {server.name!r} gives no path")
    location = Location(
        source="files",
        roots=(folder.resolve(),),
        path=server.path,
        format=server.format,
        options=server.options,
    )
    return server.name, location
