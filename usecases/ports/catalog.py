"""How products stand at a glance: what is kept of each, and finding products by it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from products.model import Product
from scorecards.catalog import Counts, DomainStanding, Entry, Place, Wanted
from scorecards.line import Unjudged
from scorecards.mark import Mark


class Catalog(Protocol):
    """Marks of products, and lists that are made of them."""

    def page(
        self, wanted: Wanted, *, after: Place | None, limit: int, now: datetime
    ) -> Sequence[Entry]:
        """Return the products that are wanted, those that stand behind ``after``."""
        ...

    def counts(self, wanted: Wanted, now: datetime) -> Counts:
        """Count what is wanted, by domain and by owner, and what of it is healthy."""
        ...

    def steady_until(self, now: datetime) -> datetime | None:
        """Return when time alone next changes how a product is found; None: never."""
        ...

    def domains(self, now: datetime) -> tuple[DomainStanding, ...]:
        """Return how each domain with products stands, by name."""
        ...

    def open_incidents(self, products: Sequence[str]) -> Mapping[str, int]:
        """Count the open incidents of each of ``products`` that has any."""
        ...

    def mark(
        self, product: str, mark: Mark, unjudged: Unjudged, *, scored_at: datetime | None
    ) -> None:
        """Keep how a product stands; ``scored_at`` when its score was kept as well, else None."""
        ...

    def index(self, product: Product) -> None:
        """Write down the words by which a product is found, once its clauses are there."""
        ...

    def stale(self, now: datetime, *, limit: int) -> tuple[str, ...]:
        """Return products whose newest kept score is a day old, the oldest first."""
        ...

    def take(self, product: str, now: datetime) -> bool:
        """Claim the score of today for one who keeps it; False when another was there first."""
        ...
