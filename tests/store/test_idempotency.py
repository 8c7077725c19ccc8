from datetime import timedelta
from typing import Any, Final

import pytest

from access.idempotency import Keyed, Reply
from access.model import Principal, Role
from store.sql_store import SqlStore
from tests.store.build import NOON

DAY: Final = timedelta(days=1)
ANN: Final = Principal(name="ann", role=Role.PRODUCER, domain="sales")
REPLY: Final = Reply(status=201, headers={"location": "/here"}, body=b"\x00made")


def keyed(key: str = "k", request: str = "1" * 64, by: Principal = ANN) -> Keyed:
    return Keyed(by=by, key=key, request=request)


def add(store: SqlStore, one: Keyed) -> int | None:
    with store.write() as shelf:
        return shelf.keys.add(one, now=NOON, expires_at=NOON + DAY)


def begin(store: SqlStore, one: Keyed) -> int:
    number = add(store, one)
    assert number is not None
    return number


def known(store: SqlStore, one: Keyed) -> Any:
    with store.write() as shelf:
        return shelf.keys.find(one)


def test_a_key_is_begun_once_and_its_answer_is_kept_byte_for_byte(any_store: SqlStore):
    number = begin(any_store, keyed())
    begun = known(any_store, keyed())

    with any_store.write() as shelf:
        assert shelf.keys.keep(number, 1, REPLY)

    assert add(any_store, keyed()) is None
    assert (begun.request, begun.attempt, begun.claimed_at, begun.reply) == (
        "1" * 64,
        1,
        NOON,
        None,
    )
    assert known(any_store, keyed()).reply == REPLY


@pytest.mark.parametrize("body", [None, b""])
def test_no_body_is_not_an_empty_body(any_store: SqlStore, body: bytes | None):
    number = begin(any_store, keyed())

    with any_store.write() as shelf:
        shelf.keys.keep(number, 1, Reply(status=204, headers={}, body=body))

    assert known(any_store, keyed()).reply.body == body


@pytest.mark.parametrize(
    "other",
    [
        Principal(name="bob", role=Role.PRODUCER, domain="sales"),
        Principal(name="ann", role=Role.OWNER, domain="sales"),
        Principal(name="ann", role=Role.PRODUCER, domain="hr"),
    ],
)
def test_the_key_of_somebody_else_is_another_key(store: SqlStore, other: Principal):
    first = begin(store, keyed())

    second = begin(store, keyed(by=other))

    assert first != second


def test_only_the_newest_attempt_may_keep_its_answer_or_set_the_key_free(any_store: SqlStore):
    number = begin(any_store, keyed())
    with any_store.write() as shelf:
        again = shelf.keys.find(keyed())
        assert again is not None
        later = NOON + timedelta(minutes=1)
        attempt = shelf.keys.begin_again(again, keyed(), now=later, expires_at=later + DAY)

    with any_store.write() as shelf:
        assert not shelf.keys.keep(number, 1, REPLY)
        shelf.keys.free(number, 1)
        assert shelf.keys.keep(number, attempt, REPLY)

    found = known(any_store, keyed())
    assert (found.attempt, found.reply, found.expires_at) == (2, REPLY, later + DAY)


def test_a_key_that_is_set_free_is_forgotten_but_not_one_with_an_answer(store: SqlStore):
    freed, kept = begin(store, keyed("freed")), begin(store, keyed("kept"))
    with store.write() as shelf:
        shelf.keys.keep(kept, 1, REPLY)

    with store.write() as shelf:
        shelf.keys.free(freed, 1)
        shelf.keys.free(kept, 1)

    assert known(store, keyed("freed")) is None
    assert known(store, keyed("kept")).reply == REPLY


def test_keys_are_forgotten_when_their_time_is_over(any_store: SqlStore):
    for number in range(3):
        begin(any_store, keyed(str(number)))

    with any_store.write() as shelf:
        assert not shelf.keys.expired(NOON + DAY - timedelta(microseconds=1))
        assert shelf.keys.forget(NOON, limit=10) == 0
        assert shelf.keys.expired(NOON + DAY)
        assert shelf.keys.forget(NOON + DAY, limit=2) == 2
        assert shelf.keys.forget(NOON + DAY, limit=2) == 1

    assert known(any_store, keyed("0")) is None
