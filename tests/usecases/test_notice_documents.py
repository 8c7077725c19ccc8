from dataclasses import replace
from datetime import timedelta

from notifications.model import Attempt, Disabled, Message, Notice, NoticeState
from tests.cast import NOON
from usecases.notice_documents import notice, notice_try
from usecases.notices import NoticeDetail, NoticeTry

NOTICE = Notice(
    id=7,
    key="k",
    channel="email",
    target="olga@example.org",
    message=Message(subject="trouble", text="t", rich="h"),
    incident_id=3,
    state=NoticeState.RETRY,
    attempt=2,
    due_at=NOON,
)
BEGAN = NOON - timedelta(minutes=5)
DETAIL = NoticeDetail(
    notice=NOTICE,
    attempts=(
        Attempt(number=1, started_at=BEGAN, ended_at=BEGAN, error="busy"),
        Attempt(number=2, started_at=BEGAN),
    ),
    shown=True,
)


def test_a_notice_is_told_with_every_try_and_the_next():
    assert notice(DETAIL) == {
        "id": 7,
        "incident": 3,
        "channel": "email",
        "target": "olga@example.org",
        "target_shown": True,
        "subject": "trouble",
        "state": "retry",
        "tries": 2,
        "attempts": [
            {
                "number": 1,
                "started_at": "2026-11-20T11:55:00Z",
                "ended_at": "2026-11-20T11:55:00Z",
                "error": "busy",
            },
            {"number": 2, "started_at": "2026-11-20T11:55:00Z", "ended_at": None, "error": ""},
        ],
        "last_error": "busy",
        "next_try": "2026-11-20T12:00:00Z",
        "disabled_since": None,
        "why": "try 2 of 12 failed: busy; due at 20 Nov 2026, 12:00:00 UTC",
    }


def test_what_waits_for_a_disabled_receiver_has_no_next_try():
    off = Disabled(since=BEGAN, error="gone")

    told = notice(replace(DETAIL, disabled=off))

    assert (told["next_try"], told["disabled_since"]) == (None, "2026-11-20T11:55:00Z")
    assert str(told["why"]).endswith("; the receiver is disabled since 20 Nov 2026, 11:55:00 UTC")


def test_what_is_over_has_no_next_try():
    for state in (NoticeState.SENT, NoticeState.DEAD, NoticeState.WITHDRAWN, NoticeState.SENDING):
        told = notice(replace(DETAIL, notice=replace(NOTICE, state=state)))

        assert told["next_try"] is None


def test_what_came_of_a_test_is_told_whole():
    answer = NoticeTry(
        channel="email", target="a@b.c", ok=False, detail="no", advice="look", seconds=1.23456
    )

    assert notice_try(answer) == {
        "channel": "email",
        "target": "a@b.c",
        "ok": False,
        "detail": "no",
        "advice": "look",
        "seconds": 1.235,
        "enabled": False,
    }
