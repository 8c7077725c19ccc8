"""Keep scores: at the end of a run, when a promise changes, and once a day for who is quiet."""

from datetime import datetime
from typing import Final

from scorecards.mark import Mark, mark
from usecases.events import tell_score
from usecases.ports import Shelf, Store

_BATCH: Final = 25  # about 0.1 s of writing at 20 clauses each


def keep_score(shelf: Shelf, product: str, run_id: int, now: datetime) -> None:
    """Keep the score of a product as it is at the end of a run, and its mark."""
    before = shelf.standings.newest(product)
    found = _mark(shelf, product, now, scored_at=now)
    tell_score(shelf, product, before, found.score, now)
    shelf.standings.snapshot(product, run_id, found.score, now)


def keep_mark(shelf: Shelf, product: str, now: datetime) -> None:
    """Keep the mark of a product of which a lost run changed something."""
    _mark(shelf, product, now, scored_at=None)


def keep_promised(shelf: Shelf, products: set[str], now: datetime) -> None:
    """Keep marks and words of products whose promises a publishing changed."""
    for key in sorted(products):
        product = shelf.products.get(key)
        if product is not None:
            shelf.catalog.index(product)
            _mark(shelf, key, now, scored_at=None)


def keep_daily(store: Store, *, now: datetime, batch: int = _BATCH) -> int:
    """Keep a score of products that had none for a day, at most ``batch``; return how many.

    Any number of engines may do so: each product's is kept by the first. A product of which no run
    ever counted has no score to keep.
    """
    with store.read() as shelf:
        if not shelf.catalog.stale(now, limit=1):
            return 0
    with store.write() as shelf:
        return sum(
            _keep_today(shelf, product, now)
            for product in sorted(shelf.catalog.stale(now, limit=batch))
        )


def _keep_today(shelf: Shelf, product: str, now: datetime) -> bool:
    shelf.products.lock(product)  # before its mark, as whoever records a run does
    newest = shelf.standings.newest(product)
    if newest is None or not shelf.catalog.take(product, now):
        return False
    keep_score(shelf, product, newest.run_id, now)
    return True


def _mark(shelf: Shelf, product: str, now: datetime, *, scored_at: datetime | None) -> Mark:
    found = mark(shelf.standings.standing(product), now)
    unjudged = shelf.standings.unjudged([product])[product]
    shelf.catalog.mark(product, found, unjudged, scored_at=scored_at)
    return found
