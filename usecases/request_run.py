"""Ask for a product to be judged now."""

import secrets
from collections.abc import Callable
from datetime import datetime

from access.errors import require
from access.model import Action, Principal
from runs.model import Run, Trigger
from usecases.errors import NotFound
from usecases.ports import Store
from usecases.triggers import Cause, queue


def request_run(
    store: Store,
    product: str,
    *,
    by: Principal,
    key: str | None = None,
    clock: Callable[[], datetime],
) -> tuple[Run, ...]:
    """Queue one run for each port of ``product`` and return them; nothing waits for them.

    A port's run that waits and is about all its data is joined: it is the one that is returned.

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
    request = key or secrets.token_hex(16)
    cause = Cause(trigger=Trigger.API, words=by.name, source=f"api:{by.name}:{request}")
    with store.write() as shelf:
        found = shelf.products.get(product)
        if found is None:
            raise NotFound("product", product)
        require(by, Action.RUN, found.domain)
        ports = shelf.products.ports(product)
        return queue(shelf, (port.contract_id for port in ports), cause, now=clock())
