"""When a receiver cannot be told: write it down, and tell the owner another way, once."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from contracts.parse import examine
from incidents.model import Incident, IncidentEvent
from incidents.step import ASSAY
from notifications.asides import undelivered
from notifications.channels import form
from notifications.model import Form, Notice, NoticeState
from notifications.receivers import masked, spoken
from notifications.story import News, Story
from products.model import Product
from usecases.ports import Shelf

_KEY: Final = "unreached:"


def unreached(shelf: Shelf, notice: Notice, *, url: str, now: datetime) -> None:
    """Record that ``notice`` is a dead letter, and queue word of it for somebody else.

    The timeline shows receivers masked and no reason: everybody may read it. The reason stands with
    the attempts, for owners. That word of a dead letter died too is written down, and told nobody.

    Args:
        shelf: The transaction in which the notice became a dead letter.
        notice: What did not arrive.
        url: Where people reach the service; may be empty.
        now: UTC.
    """
    incident = shelf.incidents.get(notice.incident_id)
    product = None if incident is None else shelf.products.get(incident.product)
    if incident is None or product is None:
        return
    other = None if notice.key.startswith(_KEY) else _another(shelf, notice, product)
    if other is not None:
        shelf.notices.add(_word(notice, incident, product, other=other, url=url, now=now))
    words = f"{_named(notice.channel, notice.target)} could not be told"
    told = f"; {_named(*other)} is told instead" if other else ""
    shelf.products.lock(product.key)  # a run that ends now may step the incident
    current = shelf.incidents.get(incident.id) or incident
    event = IncidentEvent(at=now, kind="unreached", actor=ASSAY, detail=words + told)
    shelf.incidents.save(current, (event,))


def _word(
    notice: Notice,
    incident: Incident,
    product: Product,
    *,
    other: tuple[str, str],
    url: str,
    now: datetime,
) -> Notice:
    channel, target = other
    key, reads = f"{_KEY}{notice.id}", form(channel)
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
        ),
        incident_id=incident.id,
        due_at=now,
    )


def _named(channel: str, target: str) -> str:
    return f"{channel} {masked(channel, target)}"


def _another(shelf: Shelf, notice: Notice, product: Product) -> tuple[str, str] | None:
    """Return whom to tell instead: another channel before another target of the same."""
    dead = {
        (known.channel, known.target)
        for known in shelf.notices.of_incident(notice.incident_id)
        if known.state is NoticeState.DEAD
    }
    dead.add((notice.channel, notice.target))
    named = shelf.products.receivers(product.key)
    found = [one for one in (*named, *_spare(shelf, product)) if one not in dead]
    return min(found, key=lambda one: one[0] == notice.channel, default=None)


def _spare(shelf: Shelf, product: Product) -> Iterator[tuple[str, str]]:
    """Yield the further addresses of the product's contracts, which are told of nothing else."""
    for port in shelf.products.ports(product.key):
        current = shelf.contracts.current(port.contract_id)
        body = current and shelf.contracts.body(port.contract_id, current.version)
        contract = examine(body)[0] if body else None
        if contract is not None:
            yield from (("email", address) for address in contract.owner_emails[1:])
