"""Ask whether a product may be relied on now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from access.errors import require
from access.model import Action, Principal
from products.model import Product
from runs.model import Run
from scorecards.assurance import backed
from scorecards.gate import Decision, Terms, decide
from scorecards.model import Score, Standing
from scorecards.score import score
from usecases.errors import NotFound
from usecases.ports import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A decision, and what it was made of. ``at`` is UTC."""

    product: Product
    decision: Decision
    score: Score
    last_run: Run | None
    at: datetime


def gate(
    store: Store, key: str, terms: Terms, *, by: Principal, clock: Callable[[], datetime]
) -> Gate:
    """Decide whether product ``key`` may be relied on.

    Raises:
        Forbidden: ``by`` may not read.
        NotFound: there is no such product.
    """
    require(by, Action.READ)
    now = clock()
    with store.read() as shelf:
        product = shelf.products.get(key)
        if product is None:
            raise NotFound("product", key)
        standing = shelf.standings.standing(key)
        current = score(standing, now)
        decision = decide(
            current,
            shelf.standings.lines(key),
            shelf.standings.unjudged([key])[key],
            terms=terms,
            faded=_faded(standing, now),
            now=now,
        )
        newest = shelf.runs.page(product=key, before=None, limit=1)
    return Gate(
        product=product,
        decision=decision,
        score=current,
        last_run=next(iter(newest), None),
        at=now,
    )


def _faded(standing: Sequence[Standing], now: datetime) -> frozenset[str]:
    """Return the keys of clauses whose good verdict is so old that it counts no more."""
    return frozenset(clause.key for clause, k in backed(standing, now) if clause.good and not k)
