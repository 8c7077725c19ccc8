from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from notifications.model import Attempt, Notice, NoticeState
from store.engine import reading
from store.sql_store import SqlShelf, SqlStore
from store.tables.trouble import ATTEMPT
from tests.store.anywhere import KINDS
from tests.store.build import HOUR, MINUTE, NOON, incident, notice, publish

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


def test_attempts_are_given_by_notice(published: SqlStore, about: int):
    with published.write() as shelf:
        shelf.notices.add(notice(about))
        shelf.notices.add(notice(about, "n2", due_at=NOON + HOUR))
        (taken,) = _claim(shelf)
        shelf.notices.failed(taken, error="busy", now=NOON + MINUTE, retry_at=NOON + 2 * MINUTE)
        _claim(shelf, NOON + 2 * MINUTE)

        assert shelf.notices.attempts(about) == {
            taken.id: (
                Attempt(number=1, started_at=NOON, ended_at=NOON + MINUTE, error="busy"),
                Attempt(number=2, started_at=NOON + 2 * MINUTE),
            )
        }
        assert shelf.notices.attempts(about + 1) == {}


def test_a_notice_is_found_by_its_number(published: SqlStore, about: int):
    with published.write() as shelf:
        shelf.notices.add(notice(about))
        (kept,) = shelf.notices.of_incident(about)

        assert shelf.notices.get(kept.id) == kept
        assert shelf.notices.get(kept.id + 1) is None


def test_only_a_dead_letter_is_made_due_again(published: SqlStore, about: int):
    with published.write() as shelf:
        shelf.notices.add(notice(about))
        (taken,) = _claim(shelf)
        too_early = shelf.notices.revive(taken.id, now=NOON)
        died = shelf.notices.failed(taken, error="gone", now=NOON, retry_at=None)

        assert (too_early, died) == (False, True)
        assert shelf.notices.revive(taken.id, now=NOON + HOUR)
        assert not shelf.notices.revive(taken.id, now=NOON + HOUR)
        assert _claim(shelf, NOON + MINUTE) == ()
        (again,) = _claim(shelf, NOON + HOUR)
        assert (again.key, again.attempt) == (taken.key, 2)


def test_a_sender_that_lost_its_notice_learns_that_it_did(published: SqlStore, about: int):
    with published.write() as shelf:
        shelf.notices.add(notice(about))
        (old,) = _claim(shelf)
        _claim(shelf, NOON + HOUR)

        assert not shelf.notices.failed(old, error="late", now=NOON + HOUR, retry_at=None)


def test_dead_letters_are_listed_newest_first(published: SqlStore, about: int):
    with published.write() as shelf:
        for key in ("a", "b", "c"):
            shelf.notices.add(notice(about, key))
        for taken in _claim(shelf):
            retry_at = NOON + HOUR if taken.key == "b" else None
            shelf.notices.failed(taken, error="gone", now=NOON, retry_at=retry_at)

        first = shelf.notices.dead(before=None, limit=1)
        rest = shelf.notices.dead(before=first[0].id, limit=5)

    assert [found.key for found in first + rest] == ["c", "a"]


def test_what_waits_is_listed_newest_first(published: SqlStore, about: int):
    with published.write() as shelf:
        for key in ("a", "b", "c", "d"):
            shelf.notices.add(notice(about, key))
        one, two, three, _ = _claim(shelf)
        shelf.notices.failed(one, error="busy", now=NOON, retry_at=NOON + HOUR)
        shelf.notices.failed(two, error="gone", now=NOON, retry_at=None)
        shelf.notices.sent(three, now=NOON)
        shelf.notices.add(notice(about, "e"))

        first = shelf.notices.waiting(before=None, limit=1)
        rest = shelf.notices.waiting(before=first[0].id, limit=5)

    assert [(found.key, found.state) for found in first + rest] == [
        ("e", NoticeState.QUEUED),
        ("d", NoticeState.SENDING),
        ("a", NoticeState.RETRY),
    ]


@pytest.mark.parametrize("store_anywhere", KINDS, indirect=True)
def test_a_notice_lives_and_is_revived_on_each_database(store_anywhere: SqlStore):
    with store_anywhere.write() as shelf:
        publish(shelf)
        about = shelf.incidents.save(incident(), []).id
        shelf.notices.add(notice(about))
        shelf.notices.add(notice(about))
        (taken,) = _claim(shelf)
        shelf.notices.failed(taken, error="gone", now=NOON + MINUTE, retry_at=None)

        assert [found.id for found in shelf.notices.dead(before=None, limit=5)] == [taken.id]
        assert shelf.notices.revive(taken.id, now=NOON + HOUR)
        (again,) = _claim(shelf, NOON + HOUR)
        shelf.notices.sent(again, now=NOON + HOUR)
        attempts = shelf.notices.attempts(about)[taken.id]

        assert [(one.number, one.error) for one in attempts] == [(1, "gone"), (2, "")]
        assert shelf.notices.dead(before=None, limit=5) == ()
