from dataclasses import replace

import pytest

from contracts.values import Severity
from incidents.model import BreachState, IncidentEvent, IncidentKind, IncidentState
from store.errors import StoreConflict
from store.sql_store import SqlShelf, SqlStore
from tests.store.build import HOUR, NOON, breach, incident, publish

_OPENED = IncidentEvent(at=NOON, kind="opened", actor="assay", detail="1 clause failed")
_SEEN = IncidentEvent(at=NOON + HOUR, kind="acknowledged", actor="ann", detail="")


def _saved(shelf: SqlShelf, *breaches, incident_id: int | None = None) -> None:
    shelf.incidents.save_breaches("orders", breaches, incident_id=incident_id)


def test_a_new_incident_gets_a_number_and_its_timeline(published: SqlStore):
    with published.write() as shelf:
        saved = shelf.incidents.save(incident(), [_OPENED])

        assert saved == replace(incident(), id=saved.id)
        assert saved.id > 0
        assert shelf.incidents.get(saved.id) == saved
        assert shelf.incidents.events(saved.id) == (_OPENED,)
        assert shelf.incidents.get(saved.id + 1) is None


def test_an_incident_changes_and_its_timeline_grows(published: SqlStore):
    with published.write() as shelf:
        saved = shelf.incidents.save(incident(), [_OPENED])
        seen = replace(saved, state=IncidentState.ACKNOWLEDGED, acknowledged_by="ann")

        assert shelf.incidents.save(seen, [_SEEN]) == seen
        assert shelf.incidents.save(seen, []) == seen
        assert shelf.incidents.get(saved.id) == seen
        assert shelf.incidents.events(saved.id) == (_OPENED, _SEEN)


def test_an_incident_that_never_was_cannot_change(published: SqlStore):
    with pytest.raises(StoreConflict, match="no incident 7"), published.write() as shelf:
        shelf.incidents.save(incident(id=7), [])


def test_a_product_has_one_open_incident_of_a_kind(published: SqlStore):
    with published.write() as shelf:
        shelf.incidents.save(incident(), [])
        shelf.incidents.save(incident(kind=IncidentKind.OUTAGE), [])
    with pytest.raises(StoreConflict), published.write() as shelf:
        shelf.incidents.save(incident(state=IncidentState.ACKNOWLEDGED), [])

    with published.write() as shelf:
        shelf.incidents.save(incident(state=IncidentState.RESOLVED), [])


def test_the_open_incident_of_a_kind_is_found(published: SqlStore):
    with published.write() as shelf:
        assert shelf.incidents.current("sales.orders", IncidentKind.BREACH) is None
        shelf.incidents.save(incident(state=IncidentState.CLOSED), [])
        shelf.incidents.save(incident(kind=IncidentKind.OUTAGE), [])
        saved = shelf.incidents.save(incident(state=IncidentState.MITIGATED), [])

        assert shelf.incidents.current("sales.orders", IncidentKind.BREACH) == saved


def test_the_newest_resolved_incident_is_found(published: SqlStore):
    resolved, closed = IncidentState.RESOLVED, IncidentState.CLOSED
    with published.write() as shelf:
        assert shelf.incidents.latest_resolved("sales.orders", IncidentKind.BREACH) is None
        newest = shelf.incidents.save(incident(state=resolved, resolved_at=NOON + HOUR), [])
        shelf.incidents.save(incident(state=resolved, resolved_at=NOON), [])
        shelf.incidents.save(incident(state=closed, resolved_at=NOON + 2 * HOUR), [])

        assert shelf.incidents.latest_resolved("sales.orders", IncidentKind.BREACH) == newest


def test_incidents_come_in_pages_newest_first(published: SqlStore):
    with published.write() as shelf:
        publish(shelf, contract_id="lines", key="logistics.lines")
        a = shelf.incidents.save(incident(state=IncidentState.CLOSED), []).id
        b = shelf.incidents.save(incident(), []).id
        c = shelf.incidents.save(incident(product="logistics.lines"), []).id

        def page(product: str | None = None, before: int | None = None, **rest) -> list[int]:
            given = {"only_open": False, "limit": 10, **rest}
            found = shelf.incidents.page(product=product, before=before, **given)
            return [one.id for one in found]

        assert page() == [c, b, a]
        assert page(limit=1, before=c) == [b]
        assert page("sales.orders") == [b, a]
        assert page("sales.orders", only_open=True) == [b]


def test_breaches_are_kept_by_fingerprint(published: SqlStore):
    with published.write() as shelf:
        _saved(shelf, breach("f1"), breach("f2", severity=Severity.LOW))
        _saved(shelf, breach("f1", state=BreachState.RESOLVING))

        assert shelf.incidents.open_breaches("orders") == {
            "f1": breach("f1", state=BreachState.RESOLVING),
            "f2": breach("f2", severity=Severity.LOW),
        }
        assert shelf.incidents.open_breaches("nosuch") == {}


def test_a_resolved_breach_is_not_open_and_a_new_one_may_follow(published: SqlStore):
    resolved = breach(state=BreachState.RESOLVED, resolved_at=NOON + HOUR)
    again = breach(opened_at=NOON + 2 * HOUR)
    with published.write() as shelf:
        saved = shelf.incidents.save(incident(), [])
        _saved(shelf, breach(), incident_id=saved.id)
        _saved(shelf, resolved, incident_id=None)
        assert shelf.incidents.open_breaches("orders") == {}
        _saved(shelf, again, incident_id=saved.id)

        assert shelf.incidents.open_breaches("orders") == {"f1": again}
        assert shelf.incidents.breaches(saved.id) == (resolved, again)


def test_a_breach_that_opens_again_at_the_same_instant_is_the_same_breach(published: SqlStore):
    resolved = breach(state=BreachState.SUPERSEDED, resolved_at=NOON + HOUR)
    with published.write() as shelf:
        saved = shelf.incidents.save(incident(), [])
        _saved(shelf, breach(), incident_id=saved.id)
        _saved(shelf, resolved)
        _saved(shelf, breach())

        assert shelf.incidents.breaches(saved.id) == (breach(),)


def test_older_breaches_keep_their_incident_and_those_without_one_join(published: SqlStore):
    with published.write() as shelf:
        first = shelf.incidents.save(incident(state=IncidentState.RESOLVED), [])
        second = shelf.incidents.save(incident(), [])
        _saved(shelf, breach("f1"), incident_id=first.id)
        _saved(shelf, breach("f2"), incident_id=None)
        _saved(shelf, breach("f1"), breach("f2"), breach("f3"), incident_id=second.id)

        def gathered(incident_id: int) -> set[str]:
            return {one.fingerprint for one in shelf.incidents.breaches(incident_id)}

        assert gathered(first.id) == {"f1"}
        assert gathered(second.id) == {"f2", "f3"}


def test_saving_no_breaches_changes_nothing(published: SqlStore):
    with published.write() as shelf:
        _saved(shelf)

        assert shelf.incidents.open_breaches("orders") == {}


def test_open_blocking_breaches_are_counted_over_the_products_contracts(published: SqlStore):
    with published.write() as shelf:
        publish(shelf, contract_id="lines")
        publish(shelf, contract_id="other", key="logistics.other")
        _saved(
            shelf,
            breach("f1"),
            breach("f2", severity=Severity.LOW),
            breach("f3", state=BreachState.RESOLVED),
        )
        shelf.incidents.save_breaches("lines", [breach("f4")], incident_id=None)
        shelf.incidents.save_breaches("other", [breach("f5")], incident_id=None)

        assert shelf.incidents.blocking_open("sales.orders") == 2
