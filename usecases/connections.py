"""Name the ways to data."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from access.errors import require
from access.model import Action, Principal
from access.record import AuditEvent
from products.model import Connection
from usecases.errors import NotFound
from usecases.ports import Store


def put_connection(
    store: Store, connection: Connection, *, by: Principal, clock: Callable[[], datetime]
) -> None:
    """Keep a connection; one of the same name is replaced.

    Raises:
        Forbidden: ``by`` is no administrator.
    """
    require(by, Action.ADMINISTER)
    roots = ", ".join(str(root) for root in connection.roots)
    with store.write() as shelf:
        shelf.connections.put(connection)
        shelf.audit.append(
            AuditEvent(
                at=clock(),
                actor=by.name,
                action="connection.put",
                subject=f"connection/{connection.name}",
                detail=f"{connection.source}: {roots}",
            )
        )


def list_connections(store: Store, *, by: Principal) -> tuple[Connection, ...]:
    """Return every connection by name, without its place for those who are no administrators.

    Raises:
        Forbidden: ``by`` may not read.
    """
    require(by, Action.READ)
    with store.read() as shelf:
        found = shelf.connections.all()
    return tuple(_shown(connection, by) for connection in found)


def get_connection(store: Store, name: str, *, by: Principal) -> Connection:
    """Return one connection, without its place for those who are no administrators.

    Raises:
        Forbidden: ``by`` may not read.
        NotFound: there is none of that name.
    """
    require(by, Action.READ)
    with store.read() as shelf:
        found = shelf.connections.get(name)
    if found is None:
        raise NotFound("connection", name)
    return _shown(found, by)


def _shown(connection: Connection, by: Principal) -> Connection:
    return connection if by.may(Action.ADMINISTER) else replace(connection, roots=())
