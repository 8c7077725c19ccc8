"""A product's card: all that a consumer needs to decide whether to rely on it, as it stands now."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from access.errors import require
from access.model import Action, Principal
from contracts.record import Version
from incidents.model import Incident
from products.model import Port, Product
from runs.model import Run, Schedule
from scorecards.line import Line, Snapshot, Unjudged
from scorecards.model import Score
from scorecards.score import score
from usecases.errors import NotFound
from usecases.ports import Shelf, Store

_HISTORY: Final = timedelta(days=90)
_RUNS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PortCard:
    """One output port: which version it promises, when it is judged, and how the last run went."""

    port: Port
    version: Version
    schedule: Schedule | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A product as it stands at ``now`` (UTC). Evidence is left out for those who may not see it.

    Attributes:
        lines: Every clause with its newest answer, in document order.
        incidents: The newest incidents, open ones first.
        history: Scores of the last 90 days, oldest first: at most 200, and no dip is left out.
        runs: The newest runs, newest first.
        evidence_shown: Whether whoever asked may see evidence.
    """

    product: Product
    ports: tuple[PortCard, ...]
    score: Score
    lines: tuple[Line, ...]
    incidents: tuple[Incident, ...]
    history: tuple[Snapshot, ...]
    runs: tuple[Run, ...]
    evidence_shown: bool
    now: datetime
    unjudged: Unjudged


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One product in a list: its score now, what nobody could judge, and its open incidents."""

    product: Product
    score: Score
    open_incidents: int
    last_run: Run | None
    unjudged: Unjudged


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """As much of a product as a badge or a gate looks at."""

    score: Score
    unjudged: Unjudged


def card(store: Store, key: str, *, by: Principal, clock: Callable[[], datetime]) -> Card:
    """Return the card of product ``key``.

    Raises:
        Forbidden: ``by`` may not read.
        NotFound: there is no such product.
    """
    require(by, Action.READ)
    now = clock()
    with store.read() as shelf:
        product = _product(shelf, key)
        shown = by.may(Action.SEE_EVIDENCE, product.domain)
        lines = shelf.standings.lines(key)
        found = shelf.incidents.page(product=key, only_open=False, before=None, limit=_RUNS)
        return Card(
            product=product,
            ports=tuple(_port(shelf, port) for port in shelf.products.ports(key)),
            score=score(shelf.standings.standing(key), now),
            lines=lines if shown else tuple(without_evidence(line) for line in lines),
            incidents=tuple(sorted(found, key=lambda incident: not incident.state.open)),
            history=shelf.standings.snapshots(key, since=now - _HISTORY),
            runs=shelf.runs.page(product=key, before=None, limit=_RUNS),
            evidence_shown=shown,
            now=now,
            unjudged=_unjudged(shelf, key),
        )


def glance(store: Store, key: str, *, clock: Callable[[], datetime]) -> Glance:
    """Return how product ``key`` stands now, for a badge or a gate.

    Raises:
        NotFound: there is no such product.
    """
    with store.read() as shelf:
        _product(shelf, key)
        now = score(shelf.standings.standing(key), clock())
        return Glance(score=now, unjudged=_unjudged(shelf, key))


def overview(
    store: Store,
    *,
    by: Principal,
    after: str = "",
    limit: int = 50,
    clock: Callable[[], datetime],
) -> tuple[Summary, ...]:
    """Return products by key, those that sort behind ``after``, each with its score now.

    Raises:
        Forbidden: ``by`` may not read.
    """
    require(by, Action.READ)
    now = clock()
    with store.read() as shelf:
        products = shelf.products.page(after=after, limit=limit)
        unjudged = shelf.standings.unjudged([product.key for product in products])
        return tuple(_summary(shelf, product, unjudged[product.key], now) for product in products)


def without_evidence(line: Line) -> Line:
    """Return ``line`` with the sample of rows left out."""
    finding = replace(line.result.finding, evidence=None)
    return replace(line, result=replace(line.result, finding=finding))


def _product(shelf: Shelf, key: str) -> Product:
    product = shelf.products.get(key)
    if product is None:
        raise NotFound("product", key)
    return product


def _port(shelf: Shelf, port: Port) -> PortCard:
    version = shelf.contracts.current(port.contract_id)
    if version is None:
        raise NotFound("contract", port.contract_id)
    return PortCard(port=port, version=version, schedule=shelf.schedules.of(port.contract_id))


def _unjudged(shelf: Shelf, key: str) -> Unjudged:
    return shelf.standings.unjudged([key])[key]


def _summary(shelf: Shelf, product: Product, unjudged: Unjudged, now: datetime) -> Summary:
    key = product.key
    trouble = shelf.incidents.page(product=key, only_open=True, before=None, limit=10)
    runs = shelf.runs.page(product=key, before=None, limit=1)
    return Summary(
        product=product,
        score=score(shelf.standings.standing(key), now),
        open_incidents=len(trouble),
        last_run=runs[0] if runs else None,
        unjudged=unjudged,
    )
