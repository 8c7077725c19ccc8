"""Ask for a product to be judged now."""

import secrets
from collections.abc import Callable
from datetime import datetime

from access.errors import require
from access.model import Action, Principal
from runs.model import Asked, Interval, Run, Trigger
from usecases.errors import NotFound
from usecases.ports import Shelf, Store


def request_run(
    store: Store,
    product: str,
    *,
    by: Principal,
    key: str | None = None,
    clock: Callable[[], datetime],
) -> tuple[Run, ...]:
    """Queue one run for each port of ``product`` and return them; nothing waits for them.

    Args:
        store: Where they are queued.
        product: Key of the product.
        by: Who asks.
        key: Idempotency key: the same key gives the same runs; None means a new request.
        clock: The time, UTC.

    Raises:
        NotFound: there is no such product.
        Forbidden: ``by`` may not run it.
    """
    now = clock()
    request = key or secrets.token_hex(16)
    with store.write() as shelf:
        found = shelf.products.get(product)
        if found is None:
            raise NotFound("product", product)
        require(by, Action.RUN, found.domain)
        ids = [
            _ask(shelf, port.contract_id, f"api:{by.name}:{request}:{port.contract_id}", now)
            for port in shelf.products.ports(product)
        ]
        runs = (shelf.runs.get(run_id) for run_id in ids)
        return tuple(run for run in runs if run is not None)


def _ask(shelf: Shelf, contract_id: str, key: str, now: datetime) -> int:
    current = shelf.contracts.current(contract_id)
    if current is None:
        raise NotFound("contract", contract_id)
    asked = Asked(
        key=key,
        contract_id=contract_id,
        version=current.version,
        trigger=Trigger.API,
        interval=Interval(start=now, end=now),
        created=now,
    )
    return shelf.runs.add(asked)[0]
