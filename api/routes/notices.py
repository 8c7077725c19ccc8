"""Notices: look for what did not arrive, send it again, try a channel."""

from functools import partial

from fastapi import APIRouter

from api.ask import Asked, Guarded
from api.ids import RowId
from api.models.base import Listing
from api.models.notices import (
    NoticeDocument,
    NoticeTrial,
    NoticeTryDocument,
    WebhookSecret,
    WebhookTarget,
)
from api.openapi import problems
from api.paging import AfterId, Limit, listing
from runtime.channels import build_carry, secret_of
from usecases import notice_documents
from usecases.documents import Document
from usecases.notices import list_dead, list_waiting, resend, try_channel, webhook_secret

router = APIRouter(prefix="/notices", tags=["incidents"], route_class=Guarded)


@router.get(
    "/dead",
    summary="List dead letters",
    response_model=Listing[NoticeDocument],
    responses=problems(401, 422),
)
def read_dead(asked: Asked, *, after: AfterId = None, limit: Limit = 50) -> Document:
    """Return notices that were given up, newest first."""
    rows = list_dead(asked.store, by=asked.by, before=after, limit=limit + 1)
    return listing(rows, limit, cursor=lambda row: row.notice.id, shape=notice_documents.notice)


@router.get(
    "/waiting",
    summary="List notices that wait",
    response_model=Listing[NoticeDocument],
    responses=problems(401, 422),
)
def read_waiting(asked: Asked, *, after: AfterId = None, limit: Limit = 50) -> Document:
    """Return notices that are still to arrive, newest first; `why` says what each waits for."""
    rows = list_waiting(asked.store, by=asked.by, before=after, limit=limit + 1)
    return listing(rows, limit, cursor=lambda row: row.notice.id, shape=notice_documents.notice)


@router.post(
    "/test",
    summary="Try a channel",
    response_model=NoticeTryDocument,
    responses=problems(401, 403, 404, 422),
)
def test_channel(asked: Asked, trial: NoticeTrial) -> Document:
    """Send a test message now, and say what came of it: `ok` is false where it did not arrive.

    An administrator may try any target; an owner those that contracts of their domain name. It is
    sent by the process that answers, whose machine may reach less or more than the one that sends
    notices.
    """
    tried = try_channel(
        asked.store,
        (trial.channel, trial.target),
        by=asked.by,
        carry=build_carry(asked.settings),
        url=asked.settings.base_url,
        clock=asked.clock,
    )
    return notice_documents.notice_try(tried)


@router.post(
    "/secret",
    summary="Show a webhook's secret",
    response_model=WebhookSecret,
    responses=problems(401, 403, 409, 422),
)
def show_secret(asked: Asked, webhook: WebhookTarget) -> Document:
    """Return what the receiver at a URL checks signatures with. For administrators; audited."""
    secret = webhook_secret(
        asked.store,
        webhook.target,
        by=asked.by,
        secret_of=partial(secret_of, asked.settings),
        clock=asked.clock,
    )
    return {"target": webhook.target, "secret": secret}


@router.post(
    "/{notice_id}/resend",
    summary="Send a dead letter again",
    response_model=NoticeDocument,
    responses=problems(401, 403, 404, 409, 422),
)
def resend_notice(asked: Asked, notice_id: RowId) -> Document:
    """Make it due again: it is tried once more, with the same key."""
    done = resend(asked.store, notice_id, by=asked.by, clock=asked.clock)
    return notice_documents.notice(done)
