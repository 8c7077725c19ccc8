"""Name the ways to data, and try them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from access.errors import require
from access.model import Action, Principal
from access.record import AuditEvent
from checks import sources
from checks.attempt import Fault, attempt
from checks.errors import CheckError
from checks.location import Limits
from checks.wording import fault
from products.connections import place, require_usable
from products.model import Connection
from usecases.errors import NotFound, UseCaseError
from usecases.locate import reach
from usecases.ports import Store
from usecases.ports.service import Secrets

_PATIENCE: Final = 10.0  # seconds that one statement of a try may take: somebody waits for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """What came of reaching for a connection; ``detail`` is one line, ``seconds`` wall time."""

    name: str
    ok: bool
    detail: str
    seconds: float


def put_connection(
    store: Store,
    connection: Connection,
    *,
    by: Principal,
    unless: Callable[[Connection | None], None] | None = None,
    clock: Callable[[], datetime],
) -> None:
    """Keep a connection; one of the same name is replaced.

    Args:
        store: Where it is kept.
        connection: What is to be kept.
        by: Who asks.
        unless: Looks at the one that is there, None where none is, and raises where that must
            stay; nothing is kept then.
        clock: The time, UTC.

    Raises:
        Forbidden: ``by`` is no administrator.
        InvalidConnection: it cannot be used as it is.
    """
    require(by, Action.ADMINISTER)
    require_usable(connection, sources=sources.names())
    with store.write() as shelf:
        if unless is not None:
            unless(shelf.connections.get(connection.name))
        shelf.connections.put(connection)
        shelf.audit.append(
            AuditEvent(
                at=clock(),
                actor=by.name,
                action="connection.put",
                subject=f"connection/{connection.name}",
                detail=_told(connection),
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
    return _shown(_kept(store, name), by)


def try_connection(
    store: Store,
    name: str,
    *,
    by: Principal,
    secrets: Secrets,
    limits: Limits,
    clock: Callable[[], datetime],
) -> Try:
    """Open a connection from here and say what came of it; what cannot be reached is an answer.

    Raises:
        Forbidden: ``by`` is no administrator.
        NotFound: there is none of that name.
    """
    require(by, Action.ADMINISTER)
    connection = _kept(store, name)
    bounded = replace(limits, statement_seconds=min(limits.statement_seconds, _PATIENCE))
    began = clock()
    answer = attempt(lambda: _probe(connection, secrets, bounded))
    return Try(
        name=name,
        ok=not isinstance(answer, Fault),
        detail=_why(answer.error) if isinstance(answer, Fault) else answer,
        seconds=(clock() - began).total_seconds(),
    )


def _probe(connection: Connection, secrets: Secrets, limits: Limits) -> str:
    return sources.load(connection.source).probe(reach(connection, secrets), limits=limits)


def _why(error: Exception) -> str:
    """One line; what none of us raised comes with its kind, since it may be a fault of ours."""
    ours = isinstance(error, CheckError | UseCaseError)
    return fault(error) if ours else f"{type(error).__name__}: {fault(error)}"


def _kept(store: Store, name: str) -> Connection:
    with store.read() as shelf:
        found = shelf.connections.get(name)
    if found is None:
        raise NotFound("connection", name)
    return found


def _shown(connection: Connection, by: Principal) -> Connection:
    if by.may(Action.ADMINISTER):
        return connection
    return replace(connection, roots=(), database=None)


def _told(connection: Connection) -> str:
    """The connection for the audit log: with the reference to its secret, as it was given."""
    database = connection.database
    facts = [place(connection)]
    if database is not None:
        facts.append(f"tls {database.tls}")
        facts.append(f"secret {database.secret}" if database.secret else "no secret")
    return f"{connection.source}: {', '.join(facts)}"
