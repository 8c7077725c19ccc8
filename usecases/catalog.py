"""The catalog: find products among thousands, what needs somebody first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from access.errors import require
from access.model import Action, Principal
from scorecards.catalog import Place, Wanted
from usecases.card import Summary, summaries
from usecases.ports import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the catalog.

    Attributes:
        rows: Products, each with its score now.
        next: What the next page goes on behind; None on the last one.
        total: Products that are wanted, over all pages.
        domains: Products by domain, as if no domain had been asked for; the most first.
        owners: Products by owner, as if no owner had been asked for; the most first; without owner
            the name is empty.
    """

    rows: tuple[Summary, ...]
    next: Place | None
    total: int
    domains: Mapping[str, int]
    owners: Mapping[str, int]


def catalog(
    store: Store,
    *,
    by: Principal,
    wanted: Wanted,
    after: Place | None = None,
    limit: int = 50,
    clock: Callable[[], datetime],
) -> Page:
    """Return a page of the products that are ``wanted``.

    Scores are computed for the page that is shown. Filters and order go by what was kept when a run
    ended last, or a version was published; assurance and open incidents are always of now.

    Raises:
        Forbidden: ``by`` may not read.
    """
    require(by, Action.READ)
    now = clock()
    with store.read() as shelf:
        found = shelf.catalog.page(wanted, after=after, limit=limit + 1, now=now)
        shown = found[:limit]
        rows = summaries(shelf, [entry.product for entry in shown], now)
        counts = shelf.catalog.counts(wanted, now)
    return Page(
        rows=rows,
        next=shown[-1].place if len(found) > limit else None,
        total=counts.total,
        domains=counts.domains,
        owners=counts.owners,
    )
