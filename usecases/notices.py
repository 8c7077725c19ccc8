"""Look at notices, send a dead letter again, and try a channel before it is needed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import uuid4

from access.errors import require
from access.model import EVERYWHERE, Action, Principal
from access.record import AuditEvent
from checks.attempt import Fault, attempt
from notifications.asides import open_subject, trial
from notifications.channels import form
from notifications.errors import NotificationError
from notifications.model import Attempt, Disabled, Message, Notice, NoticeState, Receiver
from notifications.receivers import masked
from products.model import Product
from usecases.errors import Conflict, NotFound
from usecases.ports import Shelf, Store

_PAGE: Final = 200
_LISTED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDetail:
    """A notice with its attempts, oldest first.

    For those who do not look after the product's incidents the target is masked, and attempts do
    not say why they failed: such a sentence may name receivers and machines.

    Attributes:
        shown: Whether the target is whole.
        disabled: That nothing is sent to the receiver any more; None where it is.
    """

    notice: Notice
    attempts: tuple[Attempt, ...]
    shown: bool
    disabled: Disabled | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTry:
    """What came of trying a channel.

    Attributes:
        detail: The full reason; empty where it arrived.
        advice: What to do about it; may be empty.
        seconds: Wall time.
        enabled: The receiver was disabled, and is so no more: the test arrived.
    """

    channel: str
    target: str
    ok: bool
    detail: str
    advice: str
    seconds: float
    enabled: bool = False


class Carry(Protocol):
    """Whatever carries a message that is no notice."""

    def __call__(self, channel: str, target: str, message: Message, key: str) -> None:
        """Deliver, or raise a ``NotificationError``."""
        ...


def notices_of(
    shelf: Shelf, incident_id: int, product: Product, by: Principal
) -> tuple[NoticeDetail, ...]:
    """Return an incident's notices, oldest first, as far as ``by`` may see them."""
    attempts = shelf.notices.attempts(incident_id)
    shown = by.may(Action.MANAGE_INCIDENTS, product.domain)
    notices = shelf.notices.of_incident(incident_id)
    off = shelf.receivers.disabled({notice.receiver for notice in notices})
    return tuple(
        _seen(notice, attempts.get(notice.id, ()), off.get(notice.receiver), shown=shown)
        for notice in notices
    )


def list_dead(
    store: Store, *, by: Principal, before: int | None = None, limit: int = 50
) -> tuple[NoticeDetail, ...]:
    """Return dead letters, newest first, those older than notice ``before``.

    Raises:
        Forbidden: ``by`` may not read.
    """
    require(by, Action.READ)
    with store.read() as shelf:
        found = shelf.notices.dead(before=before, limit=limit)
        return tuple(_detail(shelf, notice, by) for notice in found)


def list_waiting(
    store: Store, *, by: Principal, before: int | None = None, limit: int = 50
) -> tuple[NoticeDetail, ...]:
    """Return what is still to arrive, newest first, those older than notice ``before``.

    Raises:
        Forbidden: ``by`` may not read.
    """
    require(by, Action.READ)
    with store.read() as shelf:
        found = shelf.notices.waiting(before=before, limit=limit)
        return tuple(_detail(shelf, notice, by) for notice in found)


def resend(
    store: Store, notice_id: int, *, by: Principal, clock: Callable[[], datetime]
) -> NoticeDetail:
    """Make a dead letter due again; it is sent with the same key, once.

    Who asks for it says that the receiver can be reached: where it is disabled, it is enabled.

    Raises:
        NotFound: there is no such notice.
        Forbidden: ``by`` does not own its product's domain.
        Conflict: it is no dead letter.
    """
    now = clock()
    with store.write() as shelf:
        notice, product = _find(shelf, notice_id)
        require(by, Action.MANAGE_INCIDENTS, product.domain)
        if not shelf.notices.revive(notice_id, now=now):
            raise Conflict("notice-state", f"notice {notice_id} is {_why_not(notice)}")
        _enable(shelf, notice.receiver, by, now)
        _audit(shelf, "notice.resend", f"notice/{notice_id}", by, now)
        return _detail(shelf, _find(shelf, notice_id)[0], by)


def try_channel(
    store: Store,
    receiver: Receiver,
    *,
    by: Principal,
    carry: Carry,
    url: str,
    clock: Callable[[], datetime],
) -> NoticeTry:
    """Send a test message now, and say what came of it; one that does not arrive is an answer.

    Args:
        store: Where products and their receivers are.
        receiver: Channel and target. An owner may try those that contracts of their domain name.
        by: Who asks.
        carry: Carries the message.
        url: Where people reach the service, for links.
        clock: The time, UTC.

    Raises:
        Forbidden: ``by`` owns no domain.
        NotFound: ``by`` is no administrator, and no contract of their domain names the receiver.
    """
    channel, target = receiver
    with store.read() as shelf:
        _require_named(shelf, receiver, by)
    began = clock()
    key = f"test:{uuid4()}"
    with store.write() as shelf:
        subject = f"{channel} {masked(channel, target)}"
        _audit(shelf, "notice.test", subject, by, began)
    message = trial(by=by.name, url=url, now=began, form=form(channel), key=key)
    done = attempt(lambda: carry(channel, target, message, key))
    tried = _tried(receiver, done.error if isinstance(done, Fault) else None, clock() - began)
    return replace(tried, enabled=tried.ok and _arrived(store, receiver, by, clock()))


def _arrived(store: Store, receiver: Receiver, by: Principal, now: datetime) -> bool:
    """Enable a receiver that a test reached; False where it was not disabled."""
    with store.write() as shelf:
        return _enable(shelf, receiver, by, now)


def _enable(shelf: Shelf, receiver: Receiver, by: Principal, now: datetime) -> bool:
    enabled = shelf.receivers.enable([receiver]) > 0
    if enabled:
        subject = f"{receiver[0]} {masked(*receiver)}"
        _audit(shelf, "receiver.enable", subject, by, now)
    return enabled


def _tried(receiver: Receiver, error: Exception | None, took: timedelta) -> NoticeTry:
    known = error if isinstance(error, NotificationError) else None
    return NoticeTry(
        channel=receiver[0],
        target=receiver[1],
        ok=error is None,
        detail="" if error is None else str(known or f"{type(error).__name__}: {error}"),
        advice=known.advice if known else "",
        seconds=took.total_seconds(),
    )


def webhook_secret(
    store: Store,
    target: str,
    *,
    by: Principal,
    secret_of: Callable[[str], str],
    clock: Callable[[], datetime],
) -> str:
    """Return what the receiver at ``target`` checks signatures with; that it was shown is audited.

    Raises:
        Forbidden: ``by`` is no administrator.
        Conflict: the service has no secret to derive it from.
    """
    require(by, Action.ADMINISTER)
    try:
        secret = secret_of(target)
    except NotificationError as error:
        raise Conflict("webhook-misconfigured", f"{error}. {error.advice}".strip()) from error
    with store.write() as shelf:
        _audit(shelf, "notice.secret", f"webhook {masked('webhook', target)}", by, clock())
    return secret


def _require_named(shelf: Shelf, receiver: Receiver, by: Principal) -> None:
    if by.may(Action.ADMINISTER):
        return
    require(by, Action.MANAGE_INCIDENTS, by.domain)
    known = list(dict.fromkeys(_receivers(shelf, by)))
    if receiver not in known:
        names = [" ".join(one) for one in known[:_LISTED]]
        raise NotFound("receiver in the contracts of your domain", " ".join(receiver), known=names)


def _receivers(shelf: Shelf, by: Principal) -> Iterator[Receiver]:
    """Yield all that contracts name in the domains whose incidents ``by`` looks after."""
    after = ""
    while page := shelf.products.page(after=after, limit=_PAGE):
        for product in page:
            if by.may(Action.MANAGE_INCIDENTS, product.domain):
                yield from shelf.products.receivers(product.key)
        after = page[-1].key


def _detail(shelf: Shelf, notice: Notice, by: Principal) -> NoticeDetail:
    attempts = shelf.notices.attempts(notice.incident_id).get(notice.id, ())
    incident = shelf.incidents.get(notice.incident_id)
    product = None if incident is None else shelf.products.get(incident.product)
    domain = EVERYWHERE if product is None else product.domain
    off = shelf.receivers.disabled([notice.receiver]).get(notice.receiver)
    return _seen(notice, attempts, off, shown=by.may(Action.MANAGE_INCIDENTS, domain))


def _seen(
    notice: Notice, attempts: Sequence[Attempt], disabled: Disabled | None, *, shown: bool
) -> NoticeDetail:
    if shown:
        return NoticeDetail(notice=notice, attempts=tuple(attempts), shown=True, disabled=disabled)
    message = replace(notice.message, subject=open_subject(notice))
    hidden = replace(notice, target=masked(*notice.receiver), message=message)
    quiet = tuple(replace(one, error="it failed" if one.error else "") for one in attempts)
    off = disabled and replace(disabled, error="it is gone")
    return NoticeDetail(notice=hidden, attempts=quiet, shown=False, disabled=off)


def _find(shelf: Shelf, notice_id: int) -> tuple[Notice, Product]:
    notice = shelf.notices.get(notice_id)
    incident = None if notice is None else shelf.incidents.get(notice.incident_id)
    product = None if incident is None else shelf.products.get(incident.product)
    if notice is None or product is None:
        raise NotFound("notice", str(notice_id))
    return notice, product


def _why_not(notice: Notice) -> str:
    waiting = notice.state in {NoticeState.QUEUED, NoticeState.SENDING, NoticeState.RETRY}
    words = "on its way; it is tried by itself" if waiting else f"{notice.state}"
    return f"{words}. Only dead letters can be sent again"


def _audit(shelf: Shelf, action: str, subject: str, by: Principal, now: datetime) -> None:
    shelf.audit.append(AuditEvent(at=now, actor=by.name, action=action, subject=subject, detail=""))
