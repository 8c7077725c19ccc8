"""The catalog: find products among thousands, what needs somebody first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from access.errors import require
from access.model import Action, Principal
from scorecards.catalog import Counts, Place, Wanted
from usecases.card import Seen, Summary, seen_of
from usecases.ports import Shelf, Store

_ROW: Final = 8192  # bytes of a row without its clauses: on the safe side
_CLAUSE: Final = 1024  # the same of what is scored of a clause
_NAME: Final = 1024  # the same of a domain or an owner that is counted


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
        healthy: Products of ``total`` that need nobody.
    """

    rows: tuple[Summary, ...]
    next: Place | None
    total: int
    domains: Mapping[str, int]
    owners: Mapping[str, int]
    healthy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A page but for the scores, as it is from ``since`` until ``until``; None: for good."""

    rows: tuple[Seen, ...]
    next: Place | None
    counts: Counts
    since: datetime
    until: datetime | None

    def holds(self, now: datetime) -> bool:
        return self.since <= now and (self.until is None or now < self.until)


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
    found = store.recall(
        ("catalog", wanted, after, limit),
        lambda shelf: _find(shelf, wanted, after, limit=limit, now=now),
        fits=lambda found: found.holds(now),
        size=_size,
    )
    return Page(
        rows=tuple(seen.at(now) for seen in found.rows),
        next=found.next,
        total=found.counts.total,
        domains=found.counts.domains,
        owners=found.counts.owners,
        healthy=found.counts.healthy,
    )


def _find(
    shelf: Shelf, wanted: Wanted, after: Place | None, *, limit: int, now: datetime
) -> _Found:
    entries = shelf.catalog.page(wanted, after=after, limit=limit + 1, now=now)
    shown = entries[:limit]
    return _Found(
        rows=seen_of(shelf, [entry.product for entry in shown]),
        next=shown[-1].place if len(entries) > limit else None,
        counts=shelf.catalog.counts(wanted, now),
        since=now,
        until=shelf.catalog.steady_until(now),
    )


def _size(found: _Found) -> int:
    clauses = sum(len(seen.standing) for seen in found.rows)
    names = len(found.counts.domains) + len(found.counts.owners)
    return _ROW * (1 + len(found.rows)) + _CLAUSE * clauses + _NAME * names
