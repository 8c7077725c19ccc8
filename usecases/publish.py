"""Publish a contract version: keep its bytes, make its product, clauses and schedule follow."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from access.errors import require
from access.model import Action, Principal
from access.record import AuditEvent
from checks.model import Outcome
from contracts.clause import Clause
from contracts.clauses import clauses
from contracts.errors import InvalidContract
from contracts.model import Contract
from contracts.problems import Level, Problem
from contracts.record import Version, is_lower
from contracts.values import Severity
from products.joining import stranger_to
from products.model import Port, Product, product_key
from runs.agenda import agenda
from usecases.errors import Conflict
from usecases.events import published_event
from usecases.lint import lint
from usecases.ports import Shelf, Store
from usecases.promised import product_of
from usecases.snapshots import keep_promised

_GRAVITY: Final = {severity: place for place, severity in enumerate(reversed(Severity))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What publishing did. ``created`` is False when exactly these bytes were there already.

    Attributes:
        next_run: The next scheduled instant, UTC; None without a schedule.
    """

    version: Version
    created: bool
    clauses: int
    executable: int
    warnings: tuple[Problem, ...]
    next_run: datetime | None


def publish(
    store: Store, body: bytes, *, by: Principal, clock: Callable[[], datetime]
) -> Published:
    """Publish the document ``body`` as the current version of its contract.

    Raises:
        InvalidContract: the document is no contract.
        Forbidden: ``by`` may not publish in its domain, or in the one it belonged to before.
        Conflict: the same version exists with other bytes, a higher one is current, or the product
            is another's whose name is spelt alike.
    """
    contract, problems = lint(body)
    if contract is None:
        raise InvalidContract(tuple(p for p in problems if p.severity is Level.ERROR))
    require(by, Action.PUBLISH, contract.domain)
    now = clock()
    with store.write() as shelf:
        shelf.contracts.lock(contract.id)  # of two that publish at once, one finds the other's work
        existing = shelf.contracts.version(contract.id, contract.version)
        version = existing or _version(contract, body, by=by, now=now)
        if existing is None:
            _take_over(shelf, contract, version, body, by=by, now=now)
        elif existing.sha256 != hashlib.sha256(body).hexdigest():
            raise Conflict(
                "version-exists",
                f"version {contract.version} of {contract.id!r} was published with other content; "
                "raise the version",
            )
        schedule = shelf.schedules.of(contract.id)
    promised = clauses(contract)
    return Published(
        version=version,
        created=existing is None,
        clauses=len(promised),
        executable=sum(not clause.skipped for clause in promised),
        warnings=problems,
        next_run=schedule.due_at if schedule else None,
    )


def _version(contract: Contract, body: bytes, *, by: Principal, now: datetime) -> Version:
    media = (
        "application/json"
        if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
        else "application/yaml"
    )
    return Version(
        contract_id=contract.id,
        version=contract.version,
        product=product_key(contract.domain, contract.product),
        sha256=hashlib.sha256(body).hexdigest(),
        media_type=media,
        published_at=now,
        published_by=by.name,
    )


def _take_over(
    shelf: Shelf, contract: Contract, version: Version, body: bytes, *, by: Principal, now: datetime
) -> None:
    """Make a new version the current one, with everything that hangs on it."""
    current = shelf.contracts.current(contract.id)
    for key in sorted({version.product, (current or version).product}):
        shelf.products.lock(key)  # before any clause's standing, as the end of a run does
    if current is not None:
        _may_follow(shelf, current, contract, by)
    promised = clauses(contract)
    product = product_of(contract)
    port = Port(product=product.key, name=contract.name or contract.id, contract_id=contract.id)
    _may_join(shelf, product, port)
    if current is not None:
        shelf.contracts.drop_failing(contract.id, _dropped(shelf, current, promised), now)
    shelf.products.put(product, port, contract.receivers)
    shelf.receivers.enable(contract.receivers)  # that it names them anew says: they can be told
    shelf.contracts.add(version, body, promised)
    _reschedule(shelf, contract, promised, now)
    keep_promised(shelf, {version.product, (current or version).product}, now)
    shelf.events.append(published_event(version, current, len(promised)))
    shelf.audit.append(
        AuditEvent(
            at=now,
            actor=by.name,
            action="contract.publish",
            subject=f"contract/{contract.id}",
            detail=f"version {contract.version}, sha256 {version.sha256}",
        )
    )


def _may_follow(shelf: Shelf, current: Version, contract: Contract, by: Principal) -> None:
    product = shelf.products.get(current.product)
    if product is not None:
        require(by, Action.PUBLISH, product.domain)
    if is_lower(contract.version, current.version):
        raise Conflict(
            "version-too-low",
            f"version {contract.version} of {contract.id!r} is lower than {current.version}, "
            "which is current",
        )


def _may_join(shelf: Shelf, wanted: Product, port: Port) -> None:
    standing = shelf.products.get(wanted.key)
    if standing is None:
        return
    if stranger_to(standing, shelf.products.ports(wanted.key), wanted=wanted, port=port):
        raise Conflict(
            "product-taken",
            f"the address {wanted.key!r} belongs to the product {standing.name!r} of the domain "
            f"{standing.domain!r}; to add to that product write 'domain' and 'dataProduct' exactly "
            "so, else give 'dataProduct' a name that differs by more than case and punctuation",
        )


def _dropped(shelf: Shelf, current: Version, promised: tuple[Clause, ...]) -> set[str]:
    """Return clauses that fail now and that the new version leaves out or takes less seriously."""
    kept = {clause.key: clause for clause in promised if not clause.skipped}
    failing = [
        line.result.clause
        for line in shelf.standings.lines(current.product)
        if line.contract_id == current.contract_id
        and (line.good is False or line.result.outcome is Outcome.FAILED)
    ]
    return {
        clause.key
        for clause in failing
        if clause.key not in kept or _GRAVITY[kept[clause.key].severity] < _GRAVITY[clause.severity]
    }


def _reschedule(
    shelf: Shelf, contract: Contract, promised: tuple[Clause, ...], now: datetime
) -> None:
    """Let the schedule follow; a timetable that stays goes on where it stands."""
    found = agenda(
        contract.id,
        contract.timetable,
        [clause.timetable for clause in promised if clause.timetable and not clause.skipped],
        there=shelf.schedules.of(contract.id),
        now=now,
    )
    if found is None:
        shelf.schedules.remove(contract.id)
        return
    due = (found.instant, found.due_at)
    shelf.schedules.put(
        contract.id, found.timetable, anchor=found.anchor, due=due, parts=found.parts
    )
