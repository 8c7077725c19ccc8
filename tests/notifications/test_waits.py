from collections.abc import Sequence
from datetime import timedelta

import pytest

from notifications.model import Attempt, Disabled, Message, Notice, NoticeState
from notifications.waits import held, last_error, why
from tests.cast import NOON

OFF = Disabled(since=NOON, error="hooks.example.org answered 410 Gone")
BUSY = Attempt(number=1, started_at=NOON, ended_at=NOON, error="busy")
SLOW = Attempt(number=2, started_at=NOON, ended_at=NOON, error="slow")
GOING = Attempt(number=3, started_at=NOON)


def notice(state: NoticeState, tries: int) -> Notice:
    return Notice(
        key="k",
        channel="email",
        target="olga@example.org",
        message=Message(subject="s", text="t", rich="h"),
        incident_id=1,
        state=state,
        attempt=tries,
        due_at=NOON + timedelta(hours=1),
    )


@pytest.mark.parametrize(
    ("state", "attempts", "words"),
    [
        (NoticeState.QUEUED, [], "not tried yet; due at 20 Nov 2026, 13:00:00 UTC"),
        (
            NoticeState.QUEUED,
            [BUSY],
            "try 1 failed: busy; due at 20 Nov 2026, 13:00:00 UTC",
        ),
        (
            NoticeState.RETRY,
            [BUSY, SLOW],
            "try 2 of 12 failed: slow; due at 20 Nov 2026, 13:00:00 UTC",
        ),
        (NoticeState.SENDING, [BUSY, SLOW, GOING], "try 3 is under way"),
        (NoticeState.DEAD, [BUSY, SLOW], "slow"),
        (NoticeState.SENT, [BUSY, SLOW], ""),
        (NoticeState.WITHDRAWN, [BUSY], "newer news came before it could be sent"),
    ],
)
def test_a_notice_says_why_it_has_not_arrived(
    state: NoticeState, attempts: Sequence[Attempt], words: str
):
    assert why(notice(state, len(attempts)), attempts, None) == words


@pytest.mark.parametrize(
    ("state", "words"),
    [(NoticeState.RETRY, "try 1 of 12 failed: busy"), (NoticeState.DEAD, "busy")],
)
def test_what_waits_for_a_disabled_receiver_says_so(state: NoticeState, words: str):
    told = why(notice(state, 1), [BUSY], OFF)

    assert told == f"{words}; the receiver is disabled since 20 Nov 2026, 12:00:00 UTC"


def test_attempts_that_are_not_known_leave_no_gap():
    assert why(notice(NoticeState.DEAD, 3), [], None) == "given up after try 3"
    assert why(notice(NoticeState.RETRY, 1), [], None).startswith("try 1 of 12 failed; due")


def test_the_last_error_is_that_of_the_newest_try_that_failed():
    assert last_error([BUSY, SLOW, GOING]) == "slow"
    assert last_error([GOING]) == last_error([]) == ""


def test_what_was_held_back_says_by_what_the_receiver_is_gone():
    assert held(OFF) == (
        "not tried, since the receiver is gone: hooks.example.org answered 410 Gone"
    )
