"""Notices -> dicts that JSON can hold: the shapes that the API answers and the CLI prints."""

from datetime import datetime

from contracts.instants import instant
from contracts.values import Json
from notifications.model import Attempt, NoticeState
from notifications.waits import last_error, why
from usecases.notices import NoticeDetail, NoticeTry


def notice(detail: NoticeDetail) -> dict[str, Json]:
    """Return a notice with every try; ``next_try`` is None where none will be made by itself."""
    row, off = detail.notice, detail.disabled
    waits = row.state in {NoticeState.QUEUED, NoticeState.RETRY} and off is None
    return {
        "id": row.id,
        "incident": row.incident_id,
        "channel": row.channel,
        "target": row.target,
        "target_shown": detail.shown,
        "subject": row.message.subject,
        "state": row.state.value,
        "tries": row.attempt,
        "attempts": [_attempt(one) for one in detail.attempts],
        "last_error": last_error(detail.attempts),
        "next_try": _maybe(row.due_at if waits else None),
        "disabled_since": _maybe(off.since if off else None),
        "why": why(row, detail.attempts, off),
    }


def notice_try(answer: NoticeTry) -> dict[str, Json]:
    """Return what came of trying a channel."""
    return {
        "channel": answer.channel,
        "target": answer.target,
        "ok": answer.ok,
        "detail": answer.detail,
        "advice": answer.advice,
        "seconds": round(answer.seconds, 3),
        "enabled": answer.enabled,
    }


def _attempt(row: Attempt) -> dict[str, Json]:
    return {
        "number": row.number,
        "started_at": instant(row.started_at),
        "ended_at": _maybe(row.ended_at),
        "error": row.error,
    }


def _maybe(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
