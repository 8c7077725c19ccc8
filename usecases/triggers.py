"""Queue runs of contracts for whatever asks for them, in one place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from contracts.record import Version
from runs.model import Asked, Interval, Run, Trigger
from usecases.errors import NotFound
from usecases.ports import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What asks.

    Attributes:
        words: Who or what it is, such as a token's or a job's name.
        source: The same source is the same run of a contract; of one interval, where that is given.
        interval: The data that came; None: all that is there now.
    """

    trigger: Trigger
    words: str
    source: str
    interval: Interval | None = None


def queue(
    shelf: Shelf, contracts: Iterable[str], cause: Cause, *, now: datetime
) -> tuple[Run, ...]:
    """Queue a run of each contract, or join one that waits, and return them by contract id.

    Raises:
        NotFound: one of them was never published.
    """
    ids = [_ask(shelf, contract_id, cause, now) for contract_id in sorted(set(contracts))]
    runs = (shelf.runs.get(run_id) for run_id in ids)
    return tuple(run for run in runs if run is not None)


def current(shelf: Shelf, contract_id: str) -> Version:
    """Return the version of a contract that runs now.

    Raises:
        NotFound: it was never published.
    """
    found = shelf.contracts.current(contract_id)
    if found is None:
        known = [one.contract_id for one in shelf.contracts.page(after="", limit=500)]
        raise NotFound("contract", contract_id, known=known)
    return found


def _ask(shelf: Shelf, contract_id: str, cause: Cause, now: datetime) -> int:
    interval = cause.interval
    slice_ = "" if interval is None else f":{interval.start.isoformat()}/{interval.end.isoformat()}"
    asked = Asked(
        key=f"{cause.source}:{contract_id}{slice_}",
        contract_id=contract_id,
        version=current(shelf, contract_id).version,
        trigger=cause.trigger,
        interval=interval or Interval.up_to(now),
        created=now,
        cause=cause.words,
    )
    return shelf.triggers.ask(asked)[0]
