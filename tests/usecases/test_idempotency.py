import threading
from datetime import timedelta

import pytest

from access.idempotency import Keyed, Reply
from store.sql_store import SqlStore
from tests.cast import ADMIN, NOON
from usecases.errors import KeyReused, StillWorking
from usecases.idempotency import Begun, begin, free, keep
from usecases.sweep import sweep

REPLY = Reply(status=201, headers={"location": "/x"}, body=b"made")
SECOND = timedelta(seconds=1)


def keyed(request: str = "1" * 64, key: str = "k") -> Keyed:
    return Keyed(by=ADMIN, key=key, request=request)


def begun(store: SqlStore, now=NOON) -> Begun:
    found = begin(store, keyed(), now=now)
    assert isinstance(found, Begun)
    return found


def test_the_same_request_again_gets_the_first_answer(any_store: SqlStore):
    keep(any_store, begun(any_store), REPLY)

    assert begin(any_store, keyed(), now=NOON + timedelta(hours=23)) == REPLY


def test_another_request_with_the_key_is_refused_also_while_the_first_goes_on(store: SqlStore):
    first = begun(store)
    with pytest.raises(KeyReused, match="'k' came with another request"):
        begin(store, keyed("2" * 64), now=NOON)

    keep(store, first, REPLY)

    with pytest.raises(KeyReused):
        begin(store, keyed("2" * 64), now=NOON)


def test_a_key_comes_free_when_its_request_came_to_nothing(store: SqlStore):
    free(store, begun(store))

    assert isinstance(begin(store, keyed("2" * 64), now=NOON), Begun)


def test_the_same_request_waits_for_the_first_and_takes_over_when_that_crashed(store: SqlStore):
    first = begun(store)
    with pytest.raises(StillWorking, match="being worked on"):
        begin(store, keyed(), now=NOON + 59 * SECOND)

    second = begun(store, now=NOON + 60 * SECOND)

    assert second.attempt == 2
    assert not keep(store, first, Reply(status=500, headers={}, body=b""))
    assert keep(store, second, REPLY)
    assert begin(store, keyed(), now=NOON + 61 * SECOND) == REPLY


def test_a_key_may_be_used_for_anything_after_a_day_swept_or_not(store: SqlStore):
    keep(store, begun(store), REPLY)
    tomorrow = NOON + timedelta(hours=24)

    assert isinstance(begin(store, keyed("2" * 64), now=tomorrow), Begun)


def test_keys_are_swept_after_a_day(any_store: SqlStore):
    keep(any_store, begun(any_store), REPLY)

    assert sweep(any_store, now=NOON + timedelta(hours=23)) == 0
    assert sweep(any_store, now=NOON + timedelta(hours=24)) == 1


def test_of_many_that_come_at_once_one_may_begin(any_store: SqlStore):
    answers: list[str] = []
    barrier = threading.Barrier(8)

    def come() -> None:
        barrier.wait()
        try:
            begin(any_store, keyed(), now=NOON)
            answers.append("begun")
        except StillWorking:
            answers.append("waits")

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["begun"] + ["waits"] * 7
