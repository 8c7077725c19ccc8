"""Look at incidents, take them on, end them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from access.errors import require
from access.model import Action, Principal
from access.record import AuditEvent
from incidents.answer import Answer
from incidents.breaches import fingerprint
from incidents.filter import IncidentFilter
from incidents.model import Breach, Incident, IncidentEvent
from incidents.person import acknowledge as acknowledged
from incidents.person import resolve as resolved
from products.model import Product
from scorecards.line import Line
from usecases.card import without_evidence
from usecases.errors import NotFound
from usecases.events import tell_incident
from usecases.notices import NoticeDetail, notices_of
from usecases.ports import Shelf, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDetail:
    """An incident with its timeline, its breaches and the notices about it, each oldest first.

    Attributes:
        lines: By fingerprint of a breach: the clause as the product promises it now, with its
            newest answer. What is promised no more is left out; evidence is, for those who may
            not see it.
        failures: By fingerprint and opening of a breach: how it failed last, promised or not.
        unjudged: What errored or was skipped in the newest run of each contract that ended while
            the incident was open.
    """

    incident: Incident
    product: Product
    events: tuple[IncidentEvent, ...]
    breaches: tuple[Breach, ...]
    notices: tuple[NoticeDetail, ...]
    lines: Mapping[str, Line]
    failures: Mapping[tuple[str, datetime], Answer]
    unjudged: tuple[Answer, ...]


def list_incidents(
    store: Store,
    *,
    by: Principal,
    product: str | None = None,
    only_open: bool = False,
    before: int | None = None,
    limit: int = 50,
) -> tuple[Incident, ...]:
    """Return incidents, newest first, those older than incident ``before``.

    Raises:
        Forbidden: ``by`` may not read.
    """
    wanted = IncidentFilter(product=product, open=True if only_open else None)
    return find_incidents(store, wanted, by=by, before=before, limit=limit)


def find_incidents(
    store: Store, wanted: IncidentFilter, *, by: Principal, before: int | None, limit: int
) -> tuple[Incident, ...]:
    """Return incidents of a kind, newest first, those older than incident ``before``.

    Raises:
        Forbidden: ``by`` may not read.
    """
    require(by, Action.READ)
    with store.read() as shelf:
        return shelf.incidents.find(wanted, before=before, limit=limit)


def incident_detail(store: Store, incident_id: int, *, by: Principal) -> IncidentDetail:
    """Return one incident whole.

    Raises:
        Forbidden: ``by`` may not read.
        NotFound: there is no such incident.
    """
    require(by, Action.READ)
    with store.read() as shelf:
        incident, product = _find(shelf, incident_id)
        breaches = shelf.incidents.breaches(incident_id)
        lines = _promised(shelf, product.key, breaches)
        shown = by.may(Action.SEE_EVIDENCE, product.domain)
        return IncidentDetail(
            incident=incident,
            product=product,
            events=shelf.incidents.events(incident_id),
            breaches=breaches,
            notices=notices_of(shelf, incident_id, product, by),
            lines=lines if shown else {key: without_evidence(line) for key, line in lines.items()},
            failures=shelf.incidents.failures(incident_id),
            unjudged=shelf.incidents.unjudged(incident_id),
        )


def acknowledge(
    store: Store, incident_id: int, *, by: Principal, clock: Callable[[], datetime]
) -> Incident:
    """Record that somebody has taken the incident on.

    Raises:
        NotFound: there is no such incident.
        Forbidden: ``by`` does not own its domain.
        IncidentError: it is over.
    """
    now = clock()
    with store.write() as shelf:
        incident, product = _take(shelf, incident_id)
        require(by, Action.MANAGE_INCIDENTS, product.domain)
        step = acknowledged(incident, actor=by.name, now=now)
        _audit(shelf, "incident.acknowledge", incident_id, by, now)
        tell_incident(shelf, step.change, step.incident, now)
        return shelf.incidents.save(step.incident, step.events)


def resolve(
    store: Store, incident_id: int, *, reason: str, by: Principal, clock: Callable[[], datetime]
) -> Incident:
    """End an incident by a person's word, with a reason.

    Raises:
        NotFound: there is no such incident.
        Forbidden: ``by`` does not own its domain.
        IncidentError: it is over, or the reason is empty.
    """
    now = clock()
    with store.write() as shelf:
        incident, product = _take(shelf, incident_id)
        require(by, Action.MANAGE_INCIDENTS, product.domain)
        step = resolved(incident, actor=by.name, reason=reason, now=now)
        _audit(shelf, "incident.resolve", incident_id, by, now, reason)
        tell_incident(shelf, step.change, step.incident, now)
        return shelf.incidents.save(step.incident, step.events)


def _promised(shelf: Shelf, product: str, breaches: Sequence[Breach]) -> Mapping[str, Line]:
    """Find the line of each breach: of its contract where several promise under the same key."""
    if not breaches:
        return {}
    currents = (shelf.contracts.current(port.contract_id) for port in shelf.products.ports(product))
    versions = {current.contract_id: current.version for current in currents if current}
    lines: dict[str, list[Line]] = {}
    for line in shelf.standings.lines(product):
        lines.setdefault(line.result.clause.key, []).append(line)
    return {
        breach.fingerprint: _own(breach, lines[breach.clause_key], versions)
        for breach in breaches
        if breach.clause_key in lines
    }


def _own(breach: Breach, alike: Sequence[Line], versions: Mapping[str, str]) -> Line:
    """Choose the line of the contract that the breach is of; the first where that is no more."""
    for line in alike:
        contract = line.contract_id
        version = versions.get(contract, "")
        if fingerprint(contract, version, breach.clause_key, breach.segment) == breach.fingerprint:
            return line
    return alike[0]


def _find(shelf: Shelf, incident_id: int) -> tuple[Incident, Product]:
    incident = shelf.incidents.get(incident_id)
    product = None if incident is None else shelf.products.get(incident.product)
    if incident is None or product is None:
        raise NotFound("incident", str(incident_id))
    return incident, product


def _take(shelf: Shelf, incident_id: int) -> tuple[Incident, Product]:
    """Find an incident, and keep runs and other people from changing it meanwhile."""
    product = _find(shelf, incident_id)[1]
    shelf.products.lock(product.key)
    return _find(shelf, incident_id)


def _audit(
    shelf: Shelf, action: str, incident_id: int, by: Principal, now: datetime, detail: str = ""
) -> None:
    shelf.audit.append(
        AuditEvent(
            at=now, actor=by.name, action=action, subject=f"incident/{incident_id}", detail=detail
        )
    )
