"""Data came: a producer's pipeline says so, and what it is about is judged."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from access.errors import require
from access.model import Action, Principal
from contracts.parse import parse
from runs.model import Interval, Run, Trigger
from usecases.errors import NotFound
from usecases.ports import Shelf, Store
from usecases.triggers import Cause, current, queue

SKEW: Final = timedelta(minutes=1)  # by which a producer's clock may be ahead of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Data of a product, or of one contract, that came.

    Attributes:
        product: Key of the product; empty where ``contract`` says it.
        contract: Id of the contract; empty for every contract of the product.
        start: Where the data begins; None: all that is there up to ``end``.
        end: Where it ends; None: now.
        objects: Names of what came; empty: everything.
    """

    product: str = ""
    contract: str = ""
    start: datetime | None = None
    end: datetime | None = None
    objects: tuple[str, ...] = ()


def data_arrived(
    store: Store,
    arrival: Arrival,
    *,
    by: Principal,
    key: str | None = None,
    clock: Callable[[], datetime],
) -> tuple[Run, ...]:
    """Queue a run of every contract that the arrival is about, or join one that waits.

    ``key`` makes it the same arrival twice; None: it is a new one.

    Raises:
        NotFound: there is no such product, contract or object in it.
        Forbidden: ``by`` may not run it.
    """
    now = clock()
    request = key or secrets.token_hex(16)
    cause = Cause(
        trigger=Trigger.EVENT,
        words=by.name,
        source=f"event:{by.name}:{request}",
        interval=interval_of(arrival, now),
    )
    with store.write() as shelf:
        contracts = _contracts(shelf, arrival, by)
        if arrival.objects:
            contracts = _holding(shelf, contracts, arrival.objects)
        return queue(shelf, contracts, cause, now=now)


def interval_of(arrival: Arrival, now: datetime) -> Interval | None:
    """Return the slice that came; None: all that is there now."""
    end = min(arrival.end or now, now)
    if arrival.start is not None and arrival.start < end:
        return Interval(start=arrival.start, end=end)
    return None if arrival.end is None else Interval.up_to(end)


def _contracts(shelf: Shelf, arrival: Arrival, by: Principal) -> tuple[str, ...]:
    key = current(shelf, arrival.contract).product if arrival.contract else arrival.product
    product = shelf.products.get(key)
    if product is None:
        known = [one.key for one in shelf.products.page(after="", limit=500)]
        raise NotFound("product", key, known=known)
    require(by, Action.RUN, product.domain)
    if arrival.contract:
        return (arrival.contract,)
    return tuple(port.contract_id for port in shelf.products.ports(key))


def _holding(shelf: Shelf, contracts: tuple[str, ...], objects: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of ``contracts`` that promise any of ``objects``."""
    names = {contract_id: _objects(shelf, contract_id) for contract_id in contracts}
    known = sorted(set().union(*names.values()))
    for name in objects:
        if name not in known:
            raise NotFound("object", name, known=known)
    wanted = set(objects)
    return tuple(contract_id for contract_id, held in names.items() if held & wanted)


def _objects(shelf: Shelf, contract_id: str) -> set[str]:
    body = shelf.contracts.body(contract_id, current(shelf, contract_id).version)
    schemas = () if body is None else parse(body).schemas
    return {name for schema in schemas for name in (schema.name, schema.physical_name)}
