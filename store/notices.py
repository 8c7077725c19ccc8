"""The outbox, as rows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    func,
    insert,
    or_,
    select,
    update,
)

from notifications.asides import UNREACHED
from notifications.model import Attempt, Message, Notice, NoticeState
from store.statements import insert_new
from store.tables.trouble import ATTEMPT, NOTICE

_WAITING: Final = NOTICE.c.state.in_([NoticeState.QUEUED.value, NoticeState.RETRY.value])
_SENDING: Final = NOTICE.c.state == NoticeState.SENDING.value
_DIED: Final = "its sender stopped before it knew"


class SqlNotices:
    """Notices inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, notice: Notice) -> None:
        """Keep a notice to be sent; one with the same key, channel and target is kept once."""
        self._connection.execute(insert_new(self._connection, NOTICE), _row(notice))

    def due(self, *, now: datetime) -> bool:
        """Whether ``claim`` would find anything; a cheap read."""
        found = self._connection.execute(select(NOTICE.c.id).where(_claimable(now)).limit(1))
        return found.first() is not None

    def claim(self, *, now: datetime, lease_until: datetime, limit: int) -> tuple[Notice, ...]:
        """Take due notices and write an attempt for each; a dead sender's come again."""
        rows = self._connection.execute(
            select(NOTICE)
            .where(_claimable(now))
            .order_by(NOTICE.c.due_at, NOTICE.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        found = [_notice_of(row) for row in rows.mappings()]
        claimed = tuple(
            replace(notice, state=NoticeState.SENDING, attempt=notice.attempt + 1)
            for notice in found
        )
        if claimed:
            self._start(claimed, now=now, lease_until=lease_until)
        return claimed

    def _start(self, claimed: tuple[Notice, ...], *, now: datetime, lease_until: datetime) -> None:
        ids = [notice.id for notice in claimed]
        self._connection.execute(
            update(ATTEMPT)
            .where(ATTEMPT.c.notice_id.in_(ids), ATTEMPT.c.ended_at.is_(None))
            .values(ended_at=now, error=_DIED)
        )
        self._connection.execute(
            update(NOTICE)
            .where(NOTICE.c.id.in_(ids))
            .values(
                state=NoticeState.SENDING.value,
                attempt=NOTICE.c.attempt + 1,
                lease_until=lease_until,
            )
        )
        self._connection.execute(
            insert(ATTEMPT),
            [
                {
                    "notice_id": notice.id,
                    "number": notice.attempt,
                    "started_at": now,
                    "error": "",
                }
                for notice in claimed
            ],
        )

    def sent(self, notice: Notice, *, now: datetime) -> None:
        """Record that it arrived, even where its claim is not the newest: it cannot be unsent."""
        self._end(notice, error="", now=now)
        self._connection.execute(
            update(NOTICE)
            .where(NOTICE.c.id == notice.id)
            .values(state=NoticeState.SENT.value, sent_at=now, lease_until=None)
        )

    def failed(
        self, notice: Notice, *, error: str, now: datetime, retry_at: datetime | None
    ) -> bool:
        """Record that it did not arrive; it is tried again at ``retry_at``, or dead when None.

        Where another sender has it by now, only the attempt is written down, and False returned.
        """
        self._end(notice, error=error, now=now)
        dead = retry_at is None
        state = NoticeState.DEAD if dead else NoticeState.RETRY
        due = {} if dead else {"due_at": retry_at}
        changed = self._connection.execute(
            update(NOTICE)
            .where(NOTICE.c.id == notice.id, NOTICE.c.attempt == notice.attempt, _SENDING)
            .values(state=state.value, lease_until=None, **due)
        )
        return changed.rowcount == 1

    def _end(self, notice: Notice, *, error: str, now: datetime) -> None:
        self._connection.execute(
            update(ATTEMPT)
            .where(ATTEMPT.c.notice_id == notice.id, ATTEMPT.c.number == notice.attempt)
            .values(ended_at=now, error=error)
        )

    def withdraw(self, incident_id: int) -> None:
        """Give up what waits to be sent about an incident: it is no longer true.

        That somebody cannot be told stays true, so the word of it stays.
        """
        self._connection.execute(
            update(NOTICE)
            .where(NOTICE.c.incident_id == incident_id, _WAITING)
            .where(~NOTICE.c.key.startswith(UNREACHED, autoescape=True))
            .values(state=NoticeState.WITHDRAWN.value)
        )

    def of_incident(self, incident_id: int) -> tuple[Notice, ...]:
        """Return the notices about an incident, oldest first."""
        rows = self._connection.execute(
            select(NOTICE).where(NOTICE.c.incident_id == incident_id).order_by(NOTICE.c.id)
        )
        return tuple(_notice_of(row) for row in rows.mappings())

    def get(self, notice_id: int) -> Notice | None:
        """Return one notice."""
        rows = self._connection.execute(select(NOTICE).where(NOTICE.c.id == notice_id))
        row = rows.mappings().one_or_none()
        return None if row is None else _notice_of(row)

    def attempts(self, incident_id: int) -> Mapping[int, tuple[Attempt, ...]]:
        """Return the attempts at an incident's notices by the notice's id, oldest first."""
        rows = self._connection.execute(
            select(ATTEMPT)
            .join(NOTICE, NOTICE.c.id == ATTEMPT.c.notice_id)
            .where(NOTICE.c.incident_id == incident_id)
            .order_by(ATTEMPT.c.notice_id, ATTEMPT.c.number)
        )
        found: dict[int, list[Attempt]] = {}
        for row in rows.mappings():
            found.setdefault(row["notice_id"], []).append(_attempt_of(row))
        return {notice_id: tuple(listed) for notice_id, listed in found.items()}

    def revive(self, notice_id: int, *, now: datetime) -> bool:
        """Make a dead letter due again; False where it is none."""
        changed = self._connection.execute(
            update(NOTICE)
            .where(NOTICE.c.id == notice_id, NOTICE.c.state == NoticeState.DEAD.value)
            .values(state=NoticeState.QUEUED.value, due_at=now)
        )
        return changed.rowcount == 1

    def dead(self, *, before: int | None, limit: int) -> tuple[Notice, ...]:
        """Return dead letters, newest first, those older than notice ``before``."""
        return self._page(NOTICE.c.state == NoticeState.DEAD.value, before=before, limit=limit)

    def waiting(self, *, before: int | None, limit: int) -> tuple[Notice, ...]:
        """Return what is still to arrive, newest first, those older than notice ``before``."""
        return self._page(or_(_WAITING, _SENDING), before=before, limit=limit)

    def _page(
        self, condition: ColumnElement[bool], *, before: int | None, limit: int
    ) -> tuple[Notice, ...]:
        wanted = select(NOTICE).where(condition)
        if before is not None:
            wanted = wanted.where(NOTICE.c.id < before)
        rows = self._connection.execute(wanted.order_by(NOTICE.c.id.desc()).limit(limit))
        return tuple(_notice_of(row) for row in rows.mappings())

    def count_dead(self) -> int:
        """Count dead letters."""
        return self._connection.execute(
            select(func.count()).select_from(NOTICE).where(NOTICE.c.state == NoticeState.DEAD.value)
        ).scalar_one()


def _claimable(now: datetime) -> ColumnElement[bool]:
    return or_(_WAITING & (NOTICE.c.due_at <= now), _SENDING & (NOTICE.c.lease_until <= now))


def _row(notice: Notice) -> dict[str, object]:
    """The column ``html`` is named for the first of the rich forms."""
    return {
        "key": notice.key,
        "channel": notice.channel,
        "target": notice.target,
        "incident_id": notice.incident_id,
        "subject": notice.message.subject,
        "text": notice.message.text,
        "html": notice.message.rich,
        "state": notice.state.value,
        "attempt": notice.attempt,
        "due_at": notice.due_at,
    }


def _notice_of(row: RowMapping) -> Notice:
    return Notice(
        id=row["id"],
        key=row["key"],
        channel=row["channel"],
        target=row["target"],
        message=Message(subject=row["subject"], text=row["text"], rich=row["html"]),
        incident_id=row["incident_id"],
        state=NoticeState(row["state"]),
        attempt=row["attempt"],
        due_at=row["due_at"],
    )


def _attempt_of(row: RowMapping) -> Attempt:
    return Attempt(
        number=row["number"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        error=row["error"],
    )
