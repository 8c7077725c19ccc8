from api.pages.broken import broken_of, timeline_of
from checks.model import Finding, Outcome, Result
from contracts.clause import Clause, Kind
from contracts.values import Severity
from incidents.model import (
    Breach,
    BreachState,
    Incident,
    IncidentEvent,
    IncidentKind,
    IncidentState,
)
from products.model import Product
from scorecards.line import Line
from tests.cast import NOON
from usecases.incidents import IncidentDetail


def breach(key: str) -> Breach:
    return Breach(
        fingerprint=f"of {key}",
        clause_key=key,
        segment="",
        severity=Severity.HIGH,
        state=BreachState.FIRING,
        opened_at=NOON,
    )


def line(key: str, description: str) -> Line:
    clause = Clause(
        key=key, pointer=key, kind=Kind.SQL, severity=Severity.HIGH, description=description
    )
    finding = Finding(outcome=Outcome.FAILED)
    return Line(result=Result(clause=clause, finding=finding), contract_id="orders")


def detail_with(text: str, **promised: str) -> IncidentDetail:
    keys = [f"/{name}".replace("_", "/") for name in promised]
    return IncidentDetail(
        incident=Incident(
            product="sales.orders",
            kind=IncidentKind.BREACH,
            state=IncidentState.TRIGGERED,
            title="broken",
            opened_at=NOON,
        ),
        product=Product(key="sales.orders", domain="sales", name="orders"),
        events=(IncidentEvent(at=NOON, kind="opened", actor="assay", detail=text),),
        breaches=tuple(breach(key) for key in keys),
        notices=(),
        lines={
            f"of {key}": line(key, words)
            for key, words in zip(keys, promised.values(), strict=True)
            if words
        },
        failures={},
        unjudged=(),
    )


def told(detail: IncidentDetail) -> str:
    return timeline_of(detail, broken_of(detail))[0].detail


def test_keys_become_words_though_one_begins_another():
    detail = detail_with(
        "/a/b, /a, /gone and 2 more", a="first, at least", a_b="the second", gone=""
    )

    assert told(detail) == "the second; first, at least; /gone and 2 more"


def test_what_a_key_only_begins_is_left_alone():
    assert told(detail_with("see /a/c: it broke", a="first")) == "see /a/c: it broke"


def test_without_promises_the_timeline_stays_as_it_is():
    assert told(detail_with("the disk is gone")) == "the disk is gone"
