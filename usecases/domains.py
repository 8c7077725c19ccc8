"""Domains: how many of their products stand well, and which stands worst. No averages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from access.errors import require
from access.model import Action, Principal
from scorecards.catalog import DomainStanding, Place, Wanted
from usecases.catalog import Page, catalog
from usecases.errors import NotFound
from usecases.ports import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainDetail:
    """A domain and a page of its products, what needs somebody first."""

    standing: DomainStanding
    page: Page


def list_domains(
    store: Store, *, by: Principal, clock: Callable[[], datetime]
) -> tuple[DomainStanding, ...]:
    """Return how each domain that has products stands, by name.

    Raises:
        Forbidden: ``by`` may not read.
    """
    require(by, Action.READ)
    with store.read() as shelf:
        return shelf.catalog.domains(clock())


def domain_detail(
    store: Store,
    name: str,
    *,
    by: Principal,
    after: Place | None = None,
    limit: int = 50,
    clock: Callable[[], datetime],
) -> DomainDetail:
    """Return a domain with a page of its products.

    Raises:
        Forbidden: ``by`` may not read.
        NotFound: no product is in such a domain.
    """
    there_are = list_domains(store, by=by, clock=clock)
    found = next((standing for standing in there_are if standing.name == name), None)
    if found is None:
        raise NotFound("domain", name)
    wanted = Wanted(domain=name)
    return DomainDetail(
        standing=found,
        page=catalog(store, by=by, wanted=wanted, after=after, limit=limit, clock=clock),
    )
