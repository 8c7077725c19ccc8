from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from notifications.model import Notice, NoticeState
from store.engine import reading
from store.sql_store import SqlShelf, SqlStore
from store.tables.trouble import ATTEMPT
from tests.store.build import HOUR, MINUTE, NOON, incident, notice

_LEASE = timedelta(minutes=2)


@pytest.fixture
def about(published: SqlStore) -> int:
    """The number of an incident."""
    with published.write() as shelf:
        return shelf.incidents.save(incident(), []).id


def _claim(shelf: SqlShelf, at=NOON, limit: int = 10) -> tuple[Notice, ...]:
    return shelf.notices.claim(now=at, lease_until=at + _LEASE, limit=limit)


def _state(shelf: SqlShelf, about: int) -> tuple[NoticeState, int]:
    (found,) = shelf.notices.of_incident(about)
    return found.state, found.attempt


def _attempts(engine: Engine) -> list[tuple[object, ...]]:
    with reading(engine) as connection:
        rows = connection.execute(
            select(ATTEMPT.c.number, ATTEMPT.c.ended_at, ATTEMPT.c.error).order_by(ATTEMPT.c.id)
        )
        return [tuple(row) for row in rows]


def test_a_notice_is_kept(published: SqlStore, about: int):
    with published.write() as shelf:
        shelf.notices.add(notice(about))
        (found,) = shelf.notices.of_incident(about)

        assert found == notice(about, id=found.id)
        assert shelf.notices.of_incident(about + 1) == ()


def test_a_notice_is_kept_once_for_each_receiver(published: SqlStore, about: int):
    with published.write() as shelf:
        shelf.notices.add(notice(about))
        shelf.notices.add(notice(about))
        shelf.notices.add(notice(about, target="bob@example.org"))
        shelf.notices.add(notice(about, "n2"))

        assert len(shelf.notices.of_incident(about)) == 3


def test_due_notices_are_taken_once_and_the_attempt_is_written_first(
    published: SqlStore, about: int, engine: Engine
):
    with published.write() as shelf:
        shelf.notices.add(notice(about))
        assert shelf.notices.due(now=NOON)
        (taken,) = _claim(shelf)

        assert (taken.state, taken.attempt) == (NoticeState.SENDING, 1)
        assert _claim(shelf) == ()
        assert not shelf.notices.due(now=NOON)
    assert _attempts(engine) == [(1, None, "")]


def test_notices_are_taken_longest_due_first(published: SqlStore, about: int):
    with published.write() as shelf:
        for key, minutes in (("late", 2), ("early", 1), ("ahead", 9)):
            shelf.notices.add(notice(about, key, due_at=NOON + minutes * MINUTE))

        first = _claim(shelf, NOON + 3 * MINUTE, limit=1)
        second = _claim(shelf, NOON + 3 * MINUTE)

    assert [found.key for found in first + second] == ["early", "late"]


def test_a_sent_notice_is_done(published: SqlStore, about: int, engine: Engine):
    with published.write() as shelf:
        shelf.notices.add(notice(about))
        (taken,) = _claim(shelf)
        shelf.notices.sent(taken, now=NOON + MINUTE)

        assert _state(shelf, about) == (NoticeState.SENT, 1)
        assert _claim(shelf, NOON + HOUR) == ()
    assert _attempts(engine) == [(1, NOON + MINUTE, "")]


def test_a_failed_notice_is_tried_again_when_it_is_time(
    published: SqlStore, about: int, engine: Engine
):
    retry_at = NOON + 10 * MINUTE
    with published.write() as shelf:
        shelf.notices.add(notice(about))
        (taken,) = _claim(shelf)
        shelf.notices.failed(taken, error="busy", now=NOON + MINUTE, retry_at=retry_at)

        assert _state(shelf, about) == (NoticeState.RETRY, 1)
        assert _claim(shelf, retry_at - MINUTE) == ()
        (again,) = _claim(shelf, retry_at)
        assert (again.key, again.attempt) == (taken.key, 2)
    assert _attempts(engine) == [(1, NOON + MINUTE, "busy"), (2, None, "")]


def test_a_notice_that_failed_for_good_is_a_dead_letter(published: SqlStore, about: int):
    with published.write() as shelf:
        assert shelf.notices.count_dead() == 0
        shelf.notices.add(notice(about))
        (taken,) = _claim(shelf)
        shelf.notices.failed(taken, error="no such address", now=NOON, retry_at=None)

        assert _state(shelf, about) == (NoticeState.DEAD, 1)
        assert shelf.notices.count_dead() == 1
        assert _claim(shelf, NOON + HOUR) == ()


def test_a_dead_senders_notice_comes_again(published: SqlStore, about: int, engine: Engine):
    with published.write() as shelf:
        shelf.notices.add(notice(about))
        _claim(shelf)
        assert not shelf.notices.due(now=NOON + MINUTE)
        assert shelf.notices.due(now=NOON + _LEASE)
        (again,) = _claim(shelf, NOON + _LEASE)

    assert again.attempt == 2
    assert _attempts(engine) == [
        (1, NOON + _LEASE, "its sender stopped before it knew"),
        (2, None, ""),
    ]


def test_a_sender_that_lost_its_notice_cannot_fail_it(published: SqlStore, about: int):
    with published.write() as shelf:
        shelf.notices.add(notice(about))
        (old,) = _claim(shelf)
        _claim(shelf, NOON + HOUR)
        shelf.notices.failed(old, error="late", now=NOON + HOUR, retry_at=None)

        assert _state(shelf, about) == (NoticeState.SENDING, 2)


def test_a_sender_that_lost_its_notice_may_still_say_that_it_arrived(
    published: SqlStore, about: int
):
    with published.write() as shelf:
        shelf.notices.add(notice(about))
        (old,) = _claim(shelf)
        (new,) = _claim(shelf, NOON + HOUR)
        shelf.notices.sent(old, now=NOON + HOUR)
        shelf.notices.failed(new, error="twice", now=NOON + HOUR, retry_at=None)

        assert _state(shelf, about) == (NoticeState.SENT, 2)
        assert replace(old, attempt=2).key == new.key
