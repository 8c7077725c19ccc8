from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.clause import Clause, Kind
from contracts.values import Dimension, EngineName, Severity
from store.errors import StoreConflict
from store.sql_store import SqlStore
from tests.store.build import HOUR, NOON, clause, product, publish, version

_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)
_CLAUSES = st.builds(
    Clause,
    key=st.just("/schema/a"),
    pointer=_TEXT,
    kind=st.sampled_from(Kind),
    schema=st.none() | _TEXT,
    column=st.none() | _TEXT,
    engine=st.none() | st.sampled_from(EngineName),
    arguments=st.dictionaries(_TEXT, _JSON, max_size=3),
    threshold=_TEXT,
    description=_TEXT,
    severity=st.sampled_from(Severity),
    dimension=st.none() | st.sampled_from(Dimension),
    skipped=_TEXT,
    executable=st.booleans(),
    key_columns=st.lists(_TEXT, max_size=3).map(tuple),
    sensitive=st.booleans(),
    sensitive_columns=st.lists(_TEXT, max_size=3).map(tuple),
    owner=_TEXT,
)


def test_a_version_is_kept_with_its_bytes(store: SqlStore):
    with store.write() as shelf:
        publish(shelf)

    with store.read() as shelf:
        assert shelf.contracts.current("orders") == version()
        assert shelf.contracts.version("orders", "1.0.0") == version()
        assert shelf.contracts.body("orders", "1.0.0") == b"version: 1.0.0"


def test_what_was_never_published_is_not_there(store: SqlStore):
    with store.read() as shelf:
        assert shelf.contracts.current("orders") is None
        assert shelf.contracts.version("orders", "1.0.0") is None
        assert shelf.contracts.versions("orders") == ()
        assert shelf.contracts.body("orders", "1.0.0") is None
        assert shelf.contracts.clauses("orders") == ()


def test_the_version_published_last_is_current(published: SqlStore):
    with published.write() as shelf:
        publish(shelf, number="1.1.0")

    with published.read() as shelf:
        assert shelf.contracts.current("orders") == version("1.1.0")
        assert shelf.contracts.versions("orders") == (
            version("1.1.0"),
            version("1.0.0", current=False),
        )


def test_a_version_is_never_published_twice(published: SqlStore):
    with pytest.raises(StoreConflict), published.write() as shelf:
        publish(shelf)

    with published.read() as shelf:
        assert shelf.contracts.versions("orders") == (version(),)


def test_contract_and_product_may_be_written_in_any_order(store: SqlStore):
    with store.write() as shelf:
        shelf.contracts.add(version(), b"", [])
        publish(shelf, number="1.1.0")

    with store.read() as shelf:
        assert len(shelf.contracts.versions("orders")) == 2


def test_a_contract_without_product_is_refused(store: SqlStore):
    with pytest.raises(StoreConflict), store.write() as shelf:
        shelf.contracts.add(version(), b"", [])


def test_current_versions_come_in_pages_by_contract(store: SqlStore):
    with store.write() as shelf:
        for contract_id in ("b", "c", "a"):
            publish(shelf, contract_id=contract_id)
        publish(shelf, contract_id="b", number="2.0.0")

    with store.read() as shelf:
        first = shelf.contracts.page(after="", limit=2)
        rest = shelf.contracts.page(after="b", limit=2)

    assert [(found.contract_id, found.version) for found in first] == [
        ("a", "1.0.0"),
        ("b", "2.0.0"),
    ]
    assert [found.contract_id for found in rest] == ["c"]


def test_clauses_come_in_the_order_of_the_newest_document(store: SqlStore):
    one, two, three = clause("/1"), clause("/2"), clause("/3")
    with store.write() as shelf:
        publish(shelf, one, two)
        publish(shelf, three, two, one, number="1.1.0")

    with store.read() as shelf:
        assert shelf.contracts.clauses("orders") == (three, two, one)


def test_a_clause_that_is_left_out_retires_and_one_that_returns_is_revived(store: SqlStore):
    one, two, stricter = clause("/1"), clause("/2"), clause("/2", threshold="at least 5")
    with store.write() as shelf:
        publish(shelf, one, two)
        publish(shelf, one, number="1.1.0", at=NOON + HOUR)
        left = shelf.contracts.clauses("orders")
        publish(shelf, one, stricter, number="1.2.0", at=NOON + 2 * HOUR)
        revived = shelf.contracts.clauses("orders")

    assert left == (one,)
    assert revived == (one, stricter)


def test_equal_keys_of_two_contracts_are_two_clauses(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, clause("/1"))
        publish(shelf, clause("/1", threshold="other"), contract_id="lines")
        publish(shelf, contract_id="lines", number="1.1.0")

    with store.read() as shelf:
        assert shelf.contracts.clauses("orders") == (clause("/1"),)
        assert shelf.contracts.clauses("lines") == ()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)
@given(given_clause=_CLAUSES)
def test_a_clause_comes_back_whole(store: SqlStore, given_clause: Clause):
    with store.write() as shelf:
        known = shelf.contracts.versions("orders")
        publish(shelf, given_clause, number=f"1.{len(known)}.0")

    with store.read() as shelf:
        assert shelf.contracts.clauses("orders") == (given_clause,)


def test_dropping_a_clause_that_never_was_changes_nothing(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, clause("/1"))
        shelf.contracts.drop_failing("orders", {"/other"}, NOON)

        assert shelf.standings.standing("sales.orders")[0].dropped_at is None


def test_a_clause_dropped_while_failing_is_remembered(store: SqlStore):
    later = NOON + timedelta(days=1)
    with store.write() as shelf:
        publish(shelf, clause("/1"), clause("/2"))
        shelf.contracts.drop_failing("orders", {"/2"}, later)
        publish(shelf, clause("/1"), number="2.0.0", at=later)

        standing = shelf.standings.standing("sales.orders")

    assert [(one.key, one.good, one.dropped_at) for one in standing] == [
        ("/1", None, None),
        ("/2", False, later),
    ]


def test_a_contract_may_move_to_another_product(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, clause("/1"))
        publish(shelf, clause("/1"), number="2.0.0", key="retail.orders")

    with store.read() as shelf:
        assert shelf.products.ports("sales.orders") == ()
        assert shelf.standings.lines("sales.orders") == ()
        assert len(shelf.standings.lines("retail.orders")) == 1
        assert shelf.products.get("sales.orders") == product()
