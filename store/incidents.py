"""Breaches and the incidents that gather them, as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from contracts.values import Severity
from incidents.answer import Answer
from incidents.filter import IncidentFilter
from incidents.model import (
    Breach,
    BreachState,
    Incident,
    IncidentEvent,
    IncidentKind,
    IncidentState,
)
from store import answers
from store.columns import BIG
from store.errors import StoreConflict
from store.filters import alike
from store.tables.past import INCIDENT_PAST
from store.tables.promise import CONTRACT
from store.tables.trouble import BREACH, EVENT, INCIDENT

_CHANGING: Final = ("state", "title", "resolved_at", "acknowledged_by", "reason")
_BREACH_OPEN: Final = BREACH.c.state.in_([state.value for state in BreachState if state.open])
_INCIDENT_OPEN: Final = INCIDENT.c.state.in_([state.value for state in IncidentState if state.open])
_BLOCKING: Final = BREACH.c.severity.in_(
    [severity.value for severity in Severity if severity.blocking]
)


class SqlIncidents:
    """Breaches and incidents inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_breaches(self, contract_id: str) -> Mapping[str, Breach]:
        """Return a contract's open breaches by fingerprint."""
        found = self._breaches(BREACH.c.contract_id == contract_id, _BREACH_OPEN)
        return {breach.fingerprint: breach for breach in found}

    def save_breaches(
        self, contract_id: str, breaches: Sequence[Breach], *, incident_id: int | None
    ) -> None:
        """Keep breaches by fingerprint; new ones join the incident, older ones keep theirs.

        One that is open is changed, and so is one that opened at the same instant; any other is
        new. An older one that belongs to no incident yet joins.
        """
        numbers = self._numbers(breaches)
        new, older = [], []
        for breach in breaches:
            still_open = numbers.get((breach.fingerprint, None))
            number = still_open or numbers.get((breach.fingerprint, breach.opened_at))
            row = _breach_row(breach)
            if number is None:
                new.append({**row, "contract_id": contract_id, "incident_id": incident_id})
            else:
                older.append({**row, "number": number})
        if new:
            self._connection.execute(insert(BREACH), new)
        if older:
            joined = func.coalesce(BREACH.c.incident_id, bindparam("joined", incident_id, BIG))
            change = update(BREACH).where(BREACH.c.id == bindparam("number"))
            self._connection.execute(change.values(incident_id=joined), older)

    def _numbers(self, breaches: Sequence[Breach]) -> Mapping[tuple[str, datetime | None], int]:
        """Return rows that are there by fingerprint and opening; None stands for one still open."""
        rows = self._connection.execute(
            select(BREACH.c.fingerprint, BREACH.c.state, BREACH.c.opened_at, BREACH.c.id)
            .where(
                BREACH.c.fingerprint.in_([breach.fingerprint for breach in breaches]),
                or_(_BREACH_OPEN, BREACH.c.opened_at.in_({one.opened_at for one in breaches})),
            )
            .order_by(BREACH.c.id)
        )
        return {
            (row.fingerprint, None if BreachState(row.state).open else row.opened_at): row.id
            for row in rows
        }

    def blocking_open(self, product: str) -> int:
        """Count the product's open breaches of blocking severity, over all its contracts."""
        return self._connection.execute(
            select(func.count())
            .select_from(BREACH)
            .join(CONTRACT, CONTRACT.c.id == BREACH.c.contract_id)
            .where(CONTRACT.c.product == product, _BREACH_OPEN, _BLOCKING)
        ).scalar_one()

    def breaches(self, incident_id: int) -> tuple[Breach, ...]:
        """Return the breaches of an incident, oldest first."""
        return self._breaches(BREACH.c.incident_id == incident_id)

    def failures(self, incident_id: int) -> Mapping[tuple[str, datetime], Answer]:
        """Return how each breach of an incident failed last, by (fingerprint, when it opened)."""
        return answers.failures(self._connection, incident_id)

    def unjudged(self, incident_id: int) -> tuple[Answer, ...]:
        """Return what errored or was skipped in each contract's newest run while it was open."""
        return answers.unjudged(self._connection, incident_id)

    def _breaches(self, *conditions: ColumnElement[bool]) -> tuple[Breach, ...]:
        rows = self._connection.execute(
            select(BREACH).where(*conditions).order_by(BREACH.c.opened_at, BREACH.c.id)
        )
        return tuple(_breach_of(row) for row in rows.mappings())

    def current(self, product: str, kind: IncidentKind) -> Incident | None:
        """Return the product's open incident of that kind."""
        return self._newest(product, kind, _INCIDENT_OPEN)

    def latest_resolved(self, product: str, kind: IncidentKind) -> Incident | None:
        """Return the product's newest incident of that kind that is resolved, not closed."""
        return self._newest(product, kind, INCIDENT.c.state == IncidentState.RESOLVED.value)

    def _newest(
        self, product: str, kind: IncidentKind, condition: ColumnElement[bool]
    ) -> Incident | None:
        rows = self._connection.execute(
            select(INCIDENT)
            .where(INCIDENT.c.product == product, INCIDENT.c.kind == kind.value, condition)
            .order_by(INCIDENT.c.resolved_at.desc(), INCIDENT.c.id.desc())
            .limit(1)
        )
        found = rows.mappings().one_or_none()
        return None if found is None else _incident_of(found)

    def save(self, incident: Incident, events: Sequence[IncidentEvent]) -> Incident:
        """Keep an incident (a new one where its id is 0) and append to its timeline.

        Raises:
            StoreConflict: it has an id that no incident has.
        """
        row = _incident_row(incident)
        new = incident.id == 0
        if new:
            inserted = self._connection.execute(
                insert(INCIDENT).values(row).returning(INCIDENT.c.id)
            )
            incident = replace(incident, id=inserted.scalar_one())
        else:
            changed = self._connection.execute(
                update(INCIDENT).where(INCIDENT.c.id == incident.id).values(row)
            )
            if changed.rowcount != 1:
                raise StoreConflict(f"there is no incident {incident.id}")
        self._append(incident.id, events)
        if events or new:
            self._keep(incident, events)
        return incident

    def _keep(self, incident: Incident, events: Sequence[IncidentEvent]) -> None:
        """Keep how the incident is from now on, for who asks how it was."""
        at = max((event.at for event in events), default=incident.opened_at)
        row = _incident_row(incident)
        known = {"incident_id": incident.id, "at": at, **{name: row[name] for name in _CHANGING}}
        self._connection.execute(insert(INCIDENT_PAST).values(known))

    def _append(self, incident_id: int, events: Sequence[IncidentEvent]) -> None:
        rows = [
            {
                "incident_id": incident_id,
                "at": event.at,
                "kind": event.kind,
                "actor": event.actor,
                "detail": event.detail,
            }
            for event in events
        ]
        if rows:
            self._connection.execute(insert(EVENT), rows)

    def get(self, incident_id: int) -> Incident | None:
        """Return one incident."""
        found = self._connection.execute(select(INCIDENT).where(INCIDENT.c.id == incident_id))
        row = found.mappings().one_or_none()
        return None if row is None else _incident_of(row)

    def events(self, incident_id: int) -> tuple[IncidentEvent, ...]:
        """Return an incident's timeline, in the order in which it was written."""
        rows = self._connection.execute(
            select(EVENT.c.at, EVENT.c.kind, EVENT.c.actor, EVENT.c.detail)
            .where(EVENT.c.incident_id == incident_id)
            .order_by(EVENT.c.id)
        )
        return tuple(IncidentEvent(**row) for row in rows.mappings())

    def page(
        self, *, product: str | None, only_open: bool, before: int | None, limit: int
    ) -> tuple[Incident, ...]:
        """Return incidents, newest first, those older than incident ``before``."""
        wanted = IncidentFilter(product=product, open=True if only_open else None)
        return self.find(wanted, before=before, limit=limit)

    def find(
        self, wanted: IncidentFilter, *, before: int | None, limit: int
    ) -> tuple[Incident, ...]:
        """Return incidents of a kind, newest first, those older than incident ``before``."""
        conditions = alike(INCIDENT, replace(wanted, open=None))
        if wanted.open is not None:
            conditions.append(_INCIDENT_OPEN if wanted.open else ~_INCIDENT_OPEN)
        if before is not None:
            conditions.append(INCIDENT.c.id < before)
        rows = self._connection.execute(
            select(INCIDENT).where(*conditions).order_by(INCIDENT.c.id.desc()).limit(limit)
        )
        return tuple(_incident_of(row) for row in rows.mappings())


def _breach_row(breach: Breach) -> dict[str, object]:
    return {
        "fingerprint": breach.fingerprint,
        "clause_key": breach.clause_key,
        "segment": breach.segment,
        "severity": breach.severity.value,
        "state": breach.state.value,
        "opened_at": breach.opened_at,
        "resolved_at": breach.resolved_at,
    }


def _breach_of(row: RowMapping) -> Breach:
    return Breach(
        fingerprint=row["fingerprint"],
        clause_key=row["clause_key"],
        segment=row["segment"],
        severity=Severity(row["severity"]),
        state=BreachState(row["state"]),
        opened_at=row["opened_at"],
        resolved_at=row["resolved_at"],
    )


def _incident_row(incident: Incident) -> dict[str, object]:
    return {
        "product": incident.product,
        "kind": incident.kind.value,
        "state": incident.state.value,
        "title": incident.title,
        "opened_at": incident.opened_at,
        "resolved_at": incident.resolved_at,
        "acknowledged_by": incident.acknowledged_by,
        "reason": incident.reason,
    }


def _incident_of(row: RowMapping) -> Incident:
    return Incident(
        id=row["id"],
        product=row["product"],
        kind=IncidentKind(row["kind"]),
        state=IncidentState(row["state"]),
        title=row["title"],
        opened_at=row["opened_at"],
        resolved_at=row["resolved_at"],
        acknowledged_by=row["acknowledged_by"],
        reason=row["reason"],
    )
