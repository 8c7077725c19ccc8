"""Small values to put into a store."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from checks.model import Evidence, Finding, Outcome, Report, Result
from contracts.clause import Clause, Kind
from contracts.record import Version
from contracts.values import Dimension, EngineName, Severity
from incidents.model import Breach, BreachState, Incident, IncidentKind, IncidentState
from notifications.model import Message, Notice
from products.model import Port, Product
from runs.model import Asked, Interval, RunState, Trigger
from store.sql_store import SqlShelf

NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
INTERVAL: Final = Interval(start=NOON - HOUR, end=NOON)


def clause(key: str = "/schema/orders/properties/amount/minimum", **changes) -> Clause:
    given = {
        "key": key,
        "pointer": "/schema/0/properties/1",
        "kind": Kind.MINIMUM,
        "schema": "orders",
        "column": "amount",
        "engine": EngineName.PANDERA,
        "arguments": {"minimum": 0},
        "threshold": "at least 0",
        "dimension": Dimension.CONFORMITY,
        "severity": Severity.HIGH,
    }
    return Clause(**{**given, **changes})


def version(number: str = "1.0.0", contract_id: str = "orders", **changes) -> Version:
    given = {
        "contract_id": contract_id,
        "version": number,
        "product": "sales.orders",
        "sha256": "0" * 64,
        "media_type": "application/yaml",
        "published_at": NOON,
        "published_by": "ann",
    }
    return Version(**{**given, **changes})


def product(key: str = "sales.orders") -> Product:
    domain, _, name = key.partition(".")
    return Product(key=key, domain=domain, name=name, purpose="to sell", owner="Ann")


def publish(
    shelf: SqlShelf,
    *clauses: Clause,
    number: str = "1.0.0",
    contract_id: str = "orders",
    key: str = "sales.orders",
    at: datetime = NOON,
) -> None:
    """Keep a contract version with its product, as publishing does."""
    port = Port(product=key, name=contract_id, contract_id=contract_id)
    shelf.products.put(product(key), port, [("email", "ann@example.org")])
    shelf.contracts.add(
        version(number, contract_id, product=key, published_at=at),
        f"version: {number}".encode(),
        clauses,
    )
    shelf.runs.place(contract_id, number, "")


def asked(key: str = "k", contract_id: str = "orders", **changes) -> Asked:
    given = {
        "key": key,
        "contract_id": contract_id,
        "version": "1.0.0",
        "trigger": Trigger.API,
        "interval": INTERVAL,
        "created": NOON,
    }
    return Asked(**{**given, **changes})


def passed(of: Clause, **changes) -> Result:
    return Result(
        clause=of, finding=Finding(outcome=Outcome.PASSED, rows=10, failed_rows=0), **changes
    )


def failed(of: Clause, **changes) -> Result:
    finding = Finding(
        outcome=Outcome.FAILED,
        measured=-3,
        unit="rows",
        rows=10,
        failed_rows=2,
        reason="2 of 10 rows are below 0",
        evidence=Evidence(
            columns=("id", "amount"),
            rows=((1, -3), ("two", None), (3.5, float("inf"))),
            offending=("amount",),
            masked=("id",),
        ),
        seconds=0.5,
    )
    return Result(clause=of, finding=finding, **changes)


def errored(of: Clause, **changes) -> Result:
    finding = Finding(outcome=Outcome.ERRORED, reason="the file is not there")
    return Result(clause=of, finding=finding, **changes)


def report(*results: Result, finished: datetime = NOON, number: str = "1.0.0") -> Report:
    return Report(
        contract_id="orders",
        version=number,
        server="production",
        started=finished - timedelta(seconds=2),
        finished=finished,
        results=results,
    )


def breach(fingerprint: str = "f1", **changes) -> Breach:
    given = {
        "fingerprint": fingerprint,
        "clause_key": "/schema/orders/properties/amount/minimum",
        "segment": "",
        "severity": Severity.HIGH,
        "state": BreachState.FIRING,
        "opened_at": NOON,
    }
    return Breach(**{**given, **changes})


def incident(**changes) -> Incident:
    given = {
        "product": "sales.orders",
        "kind": IncidentKind.BREACH,
        "state": IncidentState.TRIGGERED,
        "title": "sales.orders breaks 1 promise",
        "opened_at": NOON,
    }
    return Incident(**{**given, **changes})


def notice(incident_id: int, key: str = "n1", **changes) -> Notice:
    given = {
        "key": key,
        "channel": "email",
        "target": "ann@example.org",
        "message": Message(subject="Trouble", text="plain", rich="<p>rich</p>"),
        "incident_id": incident_id,
        "due_at": NOON,
    }
    return Notice(**{**given, **changes})


def record(
    shelf: SqlShelf, results: Sequence[Result], *, key: str, end: datetime, finished: datetime
) -> int:
    """Run and record a run, as the service does; return its number."""
    interval = Interval(start=end - HOUR, end=end)
    run_id, _ = shelf.runs.add(asked(key, interval=interval))
    claim = shelf.runs.claim(run_id, owner="w", now=finished, lease_until=finished + MINUTE)
    assert claim is not None
    told = report(*results, finished=finished)
    assert shelf.runs.finish(claim, state=RunState.DONE, report=told, error="", now=finished)
    shelf.standings.record("orders", run_id, interval, told)
    return run_id
