"""A product's card: all that a consumer needs to decide whether to rely on it, as it stands now."""

from collections.abc import Callable, Sequence
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
from scorecards.steady import Steady
from usecases.errors import NotFound, NotYet
from usecases.past import runs_then, then
from usecases.ports import Shelf, Store

_HISTORY: Final = timedelta(days=90)
_RUNS: Final = 10
_LINE: Final = 8192  # bytes that a clause takes as a value and, twice, as JSON: on the safe side
_CELL: Final = 256  # the same of a cell of evidence, beside its text


@dataclass(frozen=True, slots=True, kw_only=True)
class PortCard:
    """One output port: which version it promises, when it is judged, and how the last run went."""

    port: Port
    version: Version
    schedule: Schedule | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Facts:
    """What is kept of a product now, whoever asks: all of its card that time alone does not move.

    Two are the same only if they are one: so what was made of one can be found by it.

    Attributes:
        standing: What the score is made of, by which it is found for any moment.
        since: From when on ``history`` was asked for, UTC.
    """

    product: Product
    ports: tuple[PortCard, ...]
    standing: Steady
    lines: tuple[Line, ...]
    incidents: tuple[Incident, ...]
    history: tuple[Snapshot, ...]
    runs: tuple[Run, ...]
    unjudged: Unjudged
    since: datetime

    def cover(self, since: datetime) -> bool:
        """Whether the history from ``since`` on is the same, neither more nor less."""
        return self.since <= since and (not self.history or since <= self.history[0].at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A product as it stood at ``now`` (UTC). Evidence is left out for those who may not see it.

    Attributes:
        lines: Every clause with its newest answer, in document order.
        incidents: The newest incidents, open ones first.
        history: Scores of the last 90 days, oldest first: at most 200, and no dip is left out.
        runs: The newest runs, newest first.
        evidence_shown: Whether whoever asked may see evidence.
        facts: What a card of now was made of; None of one of the past.
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
    facts: Facts | None = None


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


def card(
    store: Store,
    key: str,
    *,
    by: Principal,
    clock: Callable[[], datetime],
    at: datetime | None = None,
) -> Card:
    """Return the card of product ``key``, as it is now or as it was known at ``at`` (UTC).

    A card of the past shows what was recorded by then. Whether evidence is shown goes by what
    whoever asks may see now.

    Raises:
        Forbidden: ``by`` may not read.
        NotFound: there is no such product; ``NoCardYet``: there was none at ``at``.
        NotYet: ``at`` lies ahead.
        Conflict: this release cannot read a version that was current at ``at``.
    """
    require(by, Action.READ)
    now = clock()
    if at is None:
        return _now(_known(store, key, now - _HISTORY), by, now)
    with store.read() as shelf:
        domain = _product(shelf, key).domain
        found = _then(shelf, key, at, now)
    shown = by.may(Action.SEE_EVIDENCE, domain)
    return replace(found, lines=_shown(found.lines, evidence=shown), evidence_shown=shown)


def _known(store: Store, key: str, since: datetime) -> Facts:
    return store.recall(
        ("card", key),
        lambda shelf: _facts(shelf, key, since),
        fits=lambda facts: facts.cover(since),
        size=_size,
    )


def _size(facts: Facts) -> int:
    samples = (line.result.finding.evidence for line in facts.lines)
    cells = (cell for sample in samples if sample for row in sample.rows for cell in row)
    return _LINE * (10 + len(facts.lines)) + sum(_CELL + len(str(cell)) for cell in cells)


def _facts(shelf: Shelf, key: str, since: datetime) -> Facts:
    return Facts(
        product=_product(shelf, key),
        ports=tuple(_port(shelf, port) for port in shelf.products.ports(key)),
        standing=Steady(shelf.standings.standing(key)),
        lines=shelf.standings.lines(key),
        incidents=_open_first(
            shelf.incidents.page(product=key, only_open=False, before=None, limit=_RUNS)
        ),
        history=shelf.standings.snapshots(key, since=since),
        runs=shelf.runs.page(product=key, before=None, limit=_RUNS),
        unjudged=_unjudged(shelf, key),
        since=since,
    )


def _now(facts: Facts, by: Principal, now: datetime) -> Card:
    shown = by.may(Action.SEE_EVIDENCE, facts.product.domain)
    return Card(
        product=facts.product,
        ports=facts.ports,
        score=facts.standing.at(now),
        lines=_shown(facts.lines, evidence=shown),
        incidents=facts.incidents,
        history=facts.history,
        runs=facts.runs,
        evidence_shown=shown,
        now=now,
        unjudged=facts.unjudged,
        facts=facts,
    )


def _shown(lines: tuple[Line, ...], *, evidence: bool) -> tuple[Line, ...]:
    return lines if evidence else tuple(without_evidence(line) for line in lines)


def _then(shelf: Shelf, key: str, at: datetime, now: datetime) -> Card:
    if at > now:
        raise NotYet(at=at, now=now)
    found = then(shelf, key, at)
    return Card(
        product=found.product,
        ports=tuple(
            PortCard(port=port.port, version=port.version, schedule=port.schedule)
            for port in found.ports
        ),
        score=score(found.standing, at),
        lines=found.lines,
        incidents=_open_first(shelf.past.incidents(key, at, limit=_RUNS)),
        history=shelf.past.snapshots(key, since=at - _HISTORY, until=at),
        runs=runs_then(shelf, key, at, limit=_RUNS),
        evidence_shown=True,
        now=at,
        unjudged=found.unjudged,
    )


def _open_first(incidents: Sequence[Incident]) -> tuple[Incident, ...]:
    return tuple(sorted(incidents, key=lambda incident: not incident.state.open))


def glance(store: Store, key: str, *, clock: Callable[[], datetime]) -> Glance:
    """Return how product ``key`` stands now, for a badge or a gate.

    Raises:
        NotFound: there is no such product.
    """
    standing, unjudged = store.recall(("glance", key), lambda shelf: _glanced(shelf, key))
    return Glance(score=standing.at(clock()), unjudged=unjudged)


def _glanced(shelf: Shelf, key: str) -> tuple[Steady, Unjudged]:
    _product(shelf, key)
    return Steady(shelf.standings.standing(key)), _unjudged(shelf, key)


def summary(store: Store, key: str, *, by: Principal, clock: Callable[[], datetime]) -> Summary:
    """Return product ``key`` as a list shows it.

    Raises:
        Forbidden: ``by`` may not read.
        NotFound: there is no such product.
    """
    require(by, Action.READ)
    seen = store.recall(("summary", key), lambda shelf: seen_of(shelf, [_product(shelf, key)])[0])
    return seen.at(clock())


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All of a summary that time alone does not move."""

    product: Product
    standing: Steady
    open_incidents: int
    last_run: Run | None
    unjudged: Unjudged

    def at(self, now: datetime) -> Summary:
        """Return the summary of that moment, UTC."""
        return Summary(
            product=self.product,
            score=self.standing.at(now),
            open_incidents=self.open_incidents,
            last_run=self.last_run,
            unjudged=self.unjudged,
        )


def seen_of(shelf: Shelf, products: Sequence[Product]) -> tuple[Seen, ...]:
    """Return what lists show of ``products``, in a few statements, however many there are."""
    keys = [product.key for product in products]
    standings = shelf.standings.standings(keys)
    unjudged = shelf.standings.unjudged(keys)
    incidents = shelf.catalog.open_incidents(keys)
    runs = shelf.runs.latest(keys)
    return tuple(
        Seen(
            product=product,
            standing=Steady(standings[product.key]),
            open_incidents=incidents.get(product.key, 0),
            last_run=runs.get(product.key),
            unjudged=unjudged[product.key],
        )
        for product in products
    )


def without_evidence(line: Line) -> Line:
    """Return ``line`` with the sample of rows left out."""
    if line.result.finding.evidence is None:
        return line
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
