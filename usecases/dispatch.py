"""Hand what is queued to the broker."""

from collections.abc import Callable, Sequence
from datetime import datetime

from contracts.errors import ContractError
from contracts.parse import parse
from usecases.locate import connection_name
from usecases.pace import Pace
from usecases.ports import Store


def dispatch(
    store: Store, send: Callable[[int], None], pace: Pace, *, clock: Callable[[], datetime]
) -> int:
    """Hand queued runs to the broker, a fair share to each domain, and return how many.

    The mark is committed before the message is sent: a crash between costs only ``redispatch``. Of
    a broker that takes no message, no more than one is asked: what was not sent is marked as
    waiting again, and the broker's error is raised.
    """
    _place(store, pace)
    now = clock()
    patience = now - pace.redispatch
    with store.read() as shelf:
        room = pace.in_flight - shelf.runs.in_flight(dispatched_after=patience)
        waiting = room > 0 and shelf.runs.waiting(dispatched_before=patience)
    if not waiting:
        return 0
    with store.write() as shelf:
        ids = shelf.runs.dispatch(
            now=now,
            dispatched_before=patience,
            limit=pace.in_flight,
            per_connection=pace.per_connection,
        )
    _send(store, send, ids)
    return len(ids)


def _send(store: Store, send: Callable[[int], None], ids: Sequence[int]) -> None:
    sent = 0
    try:
        for run_id in ids:
            send(run_id)
            sent += 1
    finally:
        if sent < len(ids):
            with store.write() as shelf:
                shelf.runs.take_back(ids[sent:])


def _place(store: Store, pace: Pace) -> None:
    """Look up what runs read over, once for each version: it stands in the contract's document."""
    with store.read() as shelf:
        unplaced = shelf.runs.unplaced(limit=pace.batch)
        bodies = [shelf.contracts.body(contract_id, version) for contract_id, version in unplaced]
    if not unplaced:
        return
    names = [_connection(body) for body in bodies]
    with store.write() as shelf:
        for (contract_id, version), name in zip(unplaced, names, strict=True):
            shelf.runs.place(contract_id, version, name)


def _connection(body: bytes | None) -> str:
    """Return the name of a connection; empty where there is none: such a run ends as errored."""
    try:
        return "" if body is None else connection_name(parse(body)) or ""
    except ContractError:
        return ""
