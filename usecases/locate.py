"""A contract's server entry -> the place its data lies, for the service and for a local check."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from checks.location import Address, Location
from contracts.model import Contract, Server
from contracts.values import Json
from products.connections import FILES
from products.model import Connection
from usecases.errors import NotFound, Unlocatable
from usecases.ports.promise import Connections
from usecases.ports.service import Secrets

_FILE_TYPES: Final = frozenset({"local", "file", "files", "custom"})
_DATABASE_TYPES: Final = {"postgresql": "postgresql", "postgres": "postgresql"}
_PORTS: Final = range(1, 65536)
# Where a database is and as whom it is asked is the connection's to say, never a contract's.
_PLACE: Final = frozenset({"host", "port", "database", "user", "username", "password"})


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


def choose_connection(contract: Contract, connections: Connections) -> tuple[Server, Connection]:
    """Return the first server entry that names a connection of the service, and that connection.

    Raises:
        Unlocatable: no server names a connection, or the service has none of that name.
    """
    server = _connected(contract)
    if server is None:
        raise Unlocatable(
            "no server of the contract names a connection of the service; add "
            "'customProperties: [{property: connection, value: NAME}]' to it"
        )
    connection = connections.get(server.connection or "")
    if connection is None:
        raise Unlocatable(f"the service has no connection {server.connection!r}")
    return server, connection


def connection_name(contract: Contract) -> str | None:
    """Return the name of the connection that ``choose_connection`` asks for; None for none."""
    server = _connected(contract)
    return None if server is None else server.connection


def _connected(contract: Contract) -> Server | None:
    return next((server for server in contract.servers if server.connection), None)


def locate(server: Server, connection: Connection, secrets: Secrets) -> Location:
    """Return where the service reads what ``server`` describes: where ``connection`` leads.

    Of the entry only what lies beside the place counts: path and format of files, the schema of a
    database. The secret is read now; call this outside of any transaction, and as late as may be.

    Raises:
        UnreadableSecret: there is no secret where the connection says.
    """
    found = reach(connection, secrets)
    return replace(
        found,
        path=server.path or "",
        format=server.format,
        options=_beside_the_place(server),
    )


def reach(connection: Connection, secrets: Secrets) -> Location:
    """Return where ``connection`` leads, with the secret it refers to.

    Raises:
        UnreadableSecret: there is no secret where the connection says.
    """
    database = connection.database
    if database is None:
        return Location(source=connection.source, roots=connection.roots)
    password = None if database.secret is None else secrets(database.secret)
    address = Address(
        host=database.host,
        port=database.port,
        database=database.name,
        user=database.user,
        password=password,
        tls=database.tls.value,
    )
    return Location(source=connection.source, address=address)


def locate_locally(
    contract: Contract, server_name: str | None, folder: Path
) -> tuple[str, Location]:
    """Return the server's name and where ``assay check`` reads it.

    Files are read inside ``folder`` only. A database is where the entry says; the user, the
    password and everything else are the PostgreSQL client's own to find on this machine.

    Raises:
        NotFound: there is no server of that name.
        Unlocatable: the server is of another type, or does not say enough.
    """
    server = choose_server(contract, server_name)
    if server.type in _DATABASE_TYPES:
        return server.name, _local_database(server)
    if server.type not in _FILE_TYPES:
        raise Unlocatable(
            f"server {server.name!r} is of type {server.type!r}; "
            "only local files and PostgreSQL are read so far"
        )
    if not server.path:
        raise Unlocatable(f"server {server.name!r} gives no path")
    location = Location(
        source=FILES,
        roots=(folder.resolve(),),
        path=server.path,
        format=server.format,
        options=server.options,
    )
    return server.name, location


def _local_database(server: Server) -> Location:
    stated = {name: _said(server.options.get(name)) for name in ("host", "database")}
    lacking = [name for name, value in stated.items() if not value]
    if lacking:
        raise Unlocatable(
            f"server {server.name!r} gives no {' and no '.join(lacking)}; user and password come "
            "from PGUSER and PGPASSWORD or ~/.pgpass, and never from a contract"
        )
    return Location(
        source=_DATABASE_TYPES[server.type],
        address=Address(host=stated["host"], port=_port(server), database=stated["database"]),
        options=_beside_the_place(server),
    )


def _beside_the_place(server: Server) -> dict[str, Json]:
    return {name: value for name, value in server.options.items() if name not in _PLACE}


def _port(server: Server) -> int | None:
    """The port as the entry gives it, None when it gives none."""
    stated = server.options.get("port")
    if stated is None:
        return None
    text = _said(stated)
    if not (text.isascii() and text.isdecimal() and int(text[:6]) in _PORTS):
        raise Unlocatable(f"server {server.name!r} gives port {stated!r}; 1 to 65535 are ports")
    return int(text)


def _said(value: Json) -> str:
    return str(value).strip() if isinstance(value, str | int) else ""
