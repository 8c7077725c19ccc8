"""OpenLineage says that a job wrote data: judge whatever contract is about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from access.errors import Forbidden
from access.model import Action, Principal
from contracts.document import load
from contracts.errors import InvalidContract
from contracts.parse import parse
from products.datasets import Dataset, candidates, promised
from runs.model import Interval, Run, Trigger
from usecases.ports import Shelf, Store
from usecases.triggers import Cause, queue

_BATCH: Final = 100  # versions whose names are read in one transaction
_COMPLETE: Final = "COMPLETE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A dataset that a job wrote, as OpenLineage names it."""

    namespace: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEvent:
    """What is read of an OpenLineage event.

    Attributes:
        kind: Its ``eventType``; empty for an event that is not about a run.
        run: Id of the job's run.
        job: ``namespace/name`` of the job.
        start: Nominal start of the data; None when it does not say.
        end: Nominal end; likewise.
    """

    kind: str
    run: str
    job: str
    outputs: tuple[Output, ...] = ()
    start: datetime | None = None
    end: datetime | None = None

    @property
    def asks(self) -> bool:
        """Whether it asks for runs at all."""
        return self.kind == _COMPLETE and bool(self.outputs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """An output, or with None the whole event, that made no run."""

    output: Output | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came of an event."""

    runs: tuple[Run, ...] = ()
    ignored: tuple[Ignored, ...] = ()


def hear(store: Store, event: JobEvent, *, by: Principal, clock: Callable[[], datetime]) -> Heard:
    """Queue a run of every contract about what a job has written, once for each run of the job.

    Raises:
        Forbidden: ``by`` may run nothing at all.
    """
    if not by.may(Action.RUN, by.domain):
        raise Forbidden(by, Action.RUN, by.domain)
    if event.kind != _COMPLETE:
        said = event.kind or "not about a run"
        return _nothing(f"only COMPLETE events ask for a run; this one is {said}")
    if not event.outputs:
        return _nothing("it names no outputs")
    while _read_names(store):
        pass
    now = clock()
    cause = Cause(
        trigger=Trigger.LINEAGE,
        words=event.job,
        source=f"lineage:{by.name}:{event.job}:{event.run}",
        interval=interval_of(event, now),
    )
    with store.write() as shelf:
        found = [(output, _about(shelf, output, by)) for output in event.outputs]
        wanted = {contract for _, (contracts, _) in found for contract in contracts}
        ignored = tuple(
            Ignored(output=output, reason=reason) for output, (_, why) in found for reason in why
        )
        return Heard(runs=queue(shelf, wanted, cause, now=now), ignored=ignored)


def interval_of(event: JobEvent, now: datetime) -> Interval | None:
    """Return the nominal slice of data; None, all there is, where it says none that is over."""
    start, end = event.start, event.end
    if start is None or end is None or not start < end <= now:
        return None
    return Interval(start=start, end=end)


def _nothing(reason: str) -> Heard:
    return Heard(ignored=(Ignored(output=None, reason=reason),))


def _about(shelf: Shelf, output: Output, by: Principal) -> tuple[list[str], list[str]]:
    """Return the contracts about an output, and why others, or all, make no run."""
    names = candidates(output.namespace, output.name, shelf.connections.all())
    found = shelf.datasets.contracts(names)
    if not found:
        return [], ["no contract is about this dataset"]
    barred = [contract_id for contract_id in found if not _may(shelf, contract_id, by)]
    reasons = [f"{by.name!r} may not run contract {contract_id!r}" for contract_id in barred]
    return [contract_id for contract_id in found if contract_id not in barred], reasons


def _may(shelf: Shelf, contract_id: str, by: Principal) -> bool:
    port = shelf.products.port_of(contract_id)
    product = None if port is None else shelf.products.get(port.product)
    return product is not None and by.may(Action.RUN, product.domain)


def _read_names(store: Store) -> bool:
    """Read the names of data in versions published since the last event; False: in none."""
    with store.read() as shelf:
        bodies = list(_unread(shelf))
    if not bodies:
        return False
    named = [(contract_id, version, _names(body)) for contract_id, version, body in bodies]
    with store.write() as shelf:
        for contract_id, version, datasets in named:
            shelf.datasets.put(contract_id, version, datasets)
    return True


def _unread(shelf: Shelf) -> Iterator[tuple[str, str, bytes]]:
    for found in shelf.datasets.unread(limit=_BATCH):
        body = shelf.contracts.body(found.contract_id, found.version)
        yield found.contract_id, found.version, body or b""


def _names(body: bytes) -> frozenset[Dataset]:
    try:
        document = load(body).value
        contract = parse(body)
    except InvalidContract:  # such as one that an older release accepted: it names nothing
        return frozenset()
    return promised(contract, document.get("customProperties"))
