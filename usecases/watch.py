"""Notice when time alone wears a product's assurance away: nobody judged it for too long."""

from datetime import datetime, timedelta
from typing import Final

from scorecards.assurance import assurance, backing
from scorecards.model import Standing
from usecases.events import assurance_event
from usecases.ports import Shelf, Store

LEAST: Final = 0.8  # below it, cards lead with S_low and badges say "no evidence"
_EVERY: Final = timedelta(minutes=1)
_BATCH: Final = 50  # products in one look, so that others can write in between


def watch_assurance(store: Store, *, now: datetime) -> int:
    """Look at products that were not looked at for a minute, and return at how many.

    The newest verdicts are weighed twice: as of the last look and as of now. So a fall is told
    once, whatever else happened in between, and what a new version or a run changed is no fall.
    """
    with store.read() as shelf:
        stale = shelf.watches.stale(now - _EVERY, limit=_BATCH)
        found = {product: shelf.standings.standing(product) for product in stale}
    if not stale:
        return 0
    with store.write() as shelf:
        for product, last in stale.items():
            if shelf.watches.look(product, last=last, now=now) and last is not None:
                _compare(shelf, product, found[product], (last, now))
    return len(stale)


def _compare(
    shelf: Shelf, product: str, standing: tuple[Standing, ...], looks: tuple[datetime, datetime]
) -> None:
    was, now_is = (_assurance(standing, at) for at in looks)
    if was >= LEAST > now_is:
        shelf.events.append(assurance_event(product, was, now_is, looks[1]))


def _assurance(standing: tuple[Standing, ...], at: datetime) -> float:
    clauses = [clause for clause in standing if clause.dropped_at is None]
    return assurance([(clause, backing(clause, at)) for clause in clauses])
