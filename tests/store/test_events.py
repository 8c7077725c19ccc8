import threading
import time
from datetime import timedelta

import pytest
from typing_extensions import override

from access.event import Event, EventKind
from store.sql_store import SqlStore
from tests.checks.postgres import MARKS
from tests.store.build import NOON

DAY = timedelta(days=1)


def event(subject: str = "run/1", **changes) -> Event:
    given = {
        "at": NOON,
        "kind": EventKind.RUN_FINISHED,
        "subject": subject,
        "product": "sales.orders",
        "facts": {"run": 1, "counts": {"passed": 3}, "outcome": None},
    }
    return Event(**{**given, **changes})


def add(store: SqlStore, *events: Event) -> None:
    for one in events:
        with store.write() as shelf:
            shelf.events.append(one)


def subjects(store: SqlStore, after: int = 0, product: str | None = None, kinds=(), limit=100):
    with store.read() as shelf:
        found = shelf.events.after(after, product=product, kinds=kinds, limit=limit)
    return [one.subject for one in found.events]


def test_an_event_is_told_as_it_was_written(any_store: SqlStore):
    add(any_store, event())

    with any_store.read() as shelf:
        found = shelf.events.after(0, product=None, kinds=(), limit=10)

    assert found.events == (event(id=found.newest),)
    assert found.oldest == found.newest


def test_an_empty_feed_has_no_ends(store: SqlStore):
    with store.read() as shelf:
        found = shelf.events.after(0, product=None, kinds=(), limit=10)

    assert (found.events, found.oldest, found.newest) == ((), 0, 0)


def test_events_are_found_by_product_and_kind_behind_a_cursor(any_store: SqlStore):
    add(
        any_store,
        event("a"),
        event("b", product="hr.staff"),
        event("c", kind=EventKind.NOTICE_DEAD),
        event("d", product=None),
        event("e"),
    )

    assert subjects(any_store) == ["a", "b", "c", "d", "e"]
    assert subjects(any_store, limit=2) == ["a", "b"]
    assert subjects(any_store, after=2) == ["c", "d", "e"]
    assert subjects(any_store, product="hr.staff") == ["b"]
    assert subjects(any_store, kinds=[EventKind.NOTICE_DEAD]) == ["c"]
    assert subjects(any_store, product="sales.orders", kinds=[EventKind.RUN_FINISHED]) == ["a", "e"]


def test_an_event_of_a_transaction_that_fails_is_never_told(any_store: SqlStore):
    def fail() -> None:
        with any_store.write() as shelf:
            shelf.events.append(event())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert subjects(any_store) == []


def test_old_events_are_forgotten_but_the_newest_of_them_marks_the_place(any_store: SqlStore):
    add(any_store, *(event(str(age), at=NOON - age * DAY) for age in (93, 92, 91, 89)))

    with any_store.write() as shelf:
        assert shelf.events.old(NOON - 90 * DAY)
        assert shelf.events.forget(NOON - 90 * DAY, limit=1) == 1
        assert shelf.events.forget(NOON - 90 * DAY, limit=10) == 1
        assert not shelf.events.old(NOON - 90 * DAY)

    assert subjects(any_store) == ["91", "89"]


def test_the_only_event_is_kept_however_old(store: SqlStore):
    add(store, event(at=NOON - 900 * DAY))

    with store.write() as shelf:
        assert not shelf.events.old(NOON)
        assert shelf.events.forget(NOON, limit=10) == 0


class Follower(threading.Thread):
    """Follows the feed from the beginning, as fast as it can, until it is told to stop."""

    def __init__(self, store: SqlStore) -> None:
        super().__init__()
        self.store = store
        self.seen: list[str] = []
        self.over = threading.Event()

    @override
    def run(self) -> None:
        cursor, last_look = 0, False
        while not last_look:
            last_look = self.over.is_set()
            with self.store.read() as shelf:
                found = shelf.events.after(cursor, product=None, kinds=(), limit=1000)
            self.seen += [one.subject for one in found.events]
            cursor = found.events[-1].id if found.events else cursor


def write_slowly(store: SqlStore, name: int, count: int) -> None:
    """Write events in transactions whose ends overlap, some of which come to nothing."""
    for number in range(count):
        try:
            with store.write() as shelf:
                shelf.events.append(event(f"{name}/{number}"))
                shelf.settle()  # numbered now, and committed later: as long as can be
                time.sleep(0.001 * ((name * 7 + number * 3) % 5))
                if number % 10 == 9:
                    raise ZeroDivisionError  # noqa: TRY301 - a number is used up, and never seen
        except ZeroDivisionError:
            continue


def test_a_follower_misses_nothing_while_many_write_at_once(any_store: SqlStore):
    writers, count = 4, 20
    follower = Follower(any_store)
    threads = [
        threading.Thread(target=write_slowly, args=(any_store, name, count))
        for name in range(writers)
    ]

    follower.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    follower.over.set()
    follower.join()

    told = {f"{name}/{n}" for name in range(writers) for n in range(count) if n % 10 != 9}
    assert len(follower.seen) == len(set(follower.seen))
    assert set(follower.seen) == told


@pytest.mark.parametrize("any_database", [pytest.param("postgresql", marks=MARKS)], indirect=True)
def test_an_event_is_numbered_when_all_before_it_are_committed(any_store: SqlStore):
    numbered, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with any_store.write() as shelf:
            shelf.events.append(event("first"))
            shelf.settle()
            numbered.set()
            go_on.wait(10)

    threads = [
        threading.Thread(target=slow),
        threading.Thread(target=add, args=(any_store, event("second"))),
    ]
    threads[0].start()
    numbered.wait(10)
    threads[1].start()
    threads[1].join(0.3)
    early = subjects(any_store)
    go_on.set()
    for thread in threads:
        thread.join()

    assert early == []
    assert subjects(any_store) == ["first", "second"]


@pytest.mark.parametrize("any_database", [pytest.param("postgresql", marks=MARKS)], indirect=True)
def test_a_transaction_that_takes_its_time_keeps_nobody_from_writing_events(any_store: SqlStore):
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with any_store.write() as shelf:
            shelf.events.append(event("slow"))
            begun.set()
            go_on.wait(10)

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(10)
    add(any_store, event("quick"))
    early = subjects(any_store)
    go_on.set()
    thread.join()

    assert early == ["quick"]
    assert subjects(any_store) == ["quick", "slow"]
