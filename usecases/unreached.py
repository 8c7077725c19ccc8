"""When a receiver cannot be told: write it down, and tell the owner another way, once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contracts.parse import examine
from incidents.model import Incident, IncidentEvent
from incidents.step import ASSAY
from notifications.asides import UNREACHED, undelivered
from notifications.channels import form
from notifications.model import Form, Notice, NoticeState, Receiver
from notifications.receivers import masked, spoken
from notifications.story import News, Story
from products.model import Product
from usecases.ports import Shelf

_TOLD: Final = frozenset(
    {NoticeState.QUEUED, NoticeState.SENDING, NoticeState.RETRY, NoticeState.SENT}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What did not arrive, and whether its receiver is disabled."""

    notice: Notice
    disabled: bool
    incident: Incident
    product: Product


def unreached(
    shelf: Shelf, notice: Notice, *, url: str, now: datetime, known: bool = False
) -> None:
    """Record that ``notice`` is a dead letter, and queue word of it for somebody else.

    The timeline shows receivers masked and no reason: everybody may read it. The reason stands with
    the attempts, for owners. That word of a dead letter died too is written down, and told nobody.

    Args:
        shelf: The transaction in which the notice became a dead letter.
        notice: What did not arrive.
        url: Where people reach the service; may be empty.
        now: UTC.
        known: That nothing reaches its receiver was told before: word is only sent where the
            message itself is sent to nobody else.
    """
    incident = shelf.incidents.get(notice.incident_id)
    product = None if incident is None else shelf.products.get(incident.product)
    if incident is None or product is None:
        return
    off = notice.receiver in shelf.receivers.disabled([notice.receiver])
    case = _Case(notice=notice, disabled=off, incident=incident, product=product)
    other = _instead(shelf, case, known=known)
    if other is not None:
        shelf.notices.add(_word(case, other=other, url=url, now=now))
    shelf.products.lock(product.key)  # a run that ends now may step the incident
    current = shelf.incidents.get(incident.id) or incident
    event = IncidentEvent(at=now, kind="unreached", actor=ASSAY, detail=_detail(case, other))
    shelf.incidents.save(current, (event,))


def _detail(case: _Case, other: Receiver | None) -> str:
    words = f"{_named(*case.notice.receiver)} could not be told"
    off = " and is disabled" if case.disabled else ""
    told = f"; {_named(*other)} is told instead" if other else ""
    return words + off + told


def _instead(shelf: Shelf, case: _Case, *, known: bool) -> Receiver | None:
    """Return whom to tell instead, where somebody is to be told and there is somebody."""
    quiet = case.notice.key.startswith(UNREACHED) or (known and _told_elsewhere(shelf, case.notice))
    return None if quiet else _another(shelf, case.notice, case.product)


def _word(case: _Case, *, other: Receiver, url: str, now: datetime) -> Notice:
    notice, incident, product = case.notice, case.incident, case.product
    channel, target = other
    key, reads = f"{UNREACHED}{notice.id}", form(channel)
    name = spoken if reads is Form.LETTER else masked
    receiver = name(notice.channel, notice.target)
    story = Story(
        news=News.OPENED,
        product=product.key,
        name=product.name,
        domain=product.domain,
        incident_id=incident.id,
        kind=incident.kind,
        opened_at=incident.opened_at,
        now=now,
        url=url,
    )
    return Notice(
        key=key,
        channel=channel,
        target=target,
        message=undelivered(
            story,
            notice,
            receiver=receiver,
            form=reads,
            key=key,
            disabled=case.disabled,
        ),
        incident_id=incident.id,
        due_at=now,
    )


def _named(channel: str, target: str) -> str:
    return f"{channel} {masked(channel, target)}"


def _told_elsewhere(shelf: Shelf, notice: Notice) -> bool:
    """Whether the same message arrived at somebody else, or is on its way there."""
    same = [
        known
        for known in shelf.notices.of_incident(notice.incident_id)
        if known.key == notice.key and known.receiver != notice.receiver
    ]
    off = shelf.receivers.disabled({known.receiver for known in same})
    return any(known.state in _TOLD and known.receiver not in off for known in same)


def _another(shelf: Shelf, notice: Notice, product: Product) -> Receiver | None:
    """Return whom to tell instead: another channel before another target of the same."""
    dead = {
        known.receiver
        for known in shelf.notices.of_incident(notice.incident_id)
        if known.state is NoticeState.DEAD
    }
    dead.add(notice.receiver)
    named = (*shelf.products.receivers(product.key), *_spare(shelf, product))
    off = shelf.receivers.disabled(named)
    found = [one for one in named if one not in dead and one not in off]
    return min(found, key=lambda one: one[0] == notice.channel, default=None)


def _spare(shelf: Shelf, product: Product) -> Iterator[Receiver]:
    """Yield the further addresses of the product's contracts, which are told of nothing else."""
    for port in shelf.products.ports(product.key):
        current = shelf.contracts.current(port.contract_id)
        body = current and shelf.contracts.body(port.contract_id, current.version)
        contract = examine(body)[0] if body else None
        if contract is not None:
            yield from (("email", address) for address in contract.owner_emails[1:])
