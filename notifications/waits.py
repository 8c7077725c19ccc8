"""Why a notice has not arrived, in words: how often it was tried, what went wrong, what is next."""

from collections.abc import Sequence
from typing import Final

from notifications.model import Attempt, Disabled, Notice, NoticeState
from notifications.retry import ATTEMPTS
from notifications.words import moment

_WITHDRAWN: Final = "newer news came before it could be sent"


def last_error(attempts: Sequence[Attempt]) -> str:
    """Return why the newest try that failed did; empty where none did."""
    return next((one.error for one in reversed(attempts) if one.error), "")


def why(notice: Notice, attempts: Sequence[Attempt], disabled: Disabled | None) -> str:
    """Return why ``notice`` has not arrived, in a sentence or two; empty where it has.

    Args:
        notice: As it stands.
        attempts: At it, oldest first, as far as the reader may know them.
        disabled: Whether nothing is sent to its receiver.
    """
    if notice.state is NoticeState.SENT:
        return ""
    if notice.state is NoticeState.WITHDRAWN:
        return _WITHDRAWN
    return "; ".join(filter(None, (_tried(notice, attempts), _next(notice, disabled))))


def held(disabled: Disabled) -> str:
    """Return why a notice was not tried, in place of an error."""
    return f"not tried, since the receiver is gone: {disabled.error}"


def _tried(notice: Notice, attempts: Sequence[Attempt]) -> str:
    if notice.state is NoticeState.SENDING:
        return f"try {notice.attempt} is under way"
    if not notice.attempt:
        return "not tried yet"
    error = last_error(attempts)
    if notice.state is NoticeState.DEAD:
        return error or f"given up after try {notice.attempt}"
    because = f" failed: {error}" if error else " failed"
    most = f" of {ATTEMPTS}" if notice.state is NoticeState.RETRY else ""
    return f"try {notice.attempt}{most}{because}"


def _next(notice: Notice, disabled: Disabled | None) -> str:
    if disabled is not None:
        return f"the receiver is disabled since {moment(disabled.since)}"
    waits = notice.state in {NoticeState.QUEUED, NoticeState.RETRY}
    return f"due at {moment(notice.due_at)}" if waits else ""
