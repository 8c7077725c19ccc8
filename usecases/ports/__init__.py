"""What the verbs need from outside, as protocols. ``store`` fits them.

A ``Store`` opens transactions; a ``Shelf`` is one transaction and groups what lies in it. Whatever
is written on a shelf is committed together when its block ends, or not at all when it raises.
"""

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from usecases.ports.catalog import Catalog
from usecases.ports.feed import Events, Keys, Watches
from usecases.ports.figures import Figures
from usecases.ports.judging import Runs, Schedules, Standings
from usecases.ports.past import Past
from usecases.ports.promise import Connections, Contracts, Products
from usecases.ports.retention import Retention
from usecases.ports.service import Audit, Heartbeats, Tokens
from usecases.ports.triggers import Datasets, Triggers
from usecases.ports.trouble import Incidents, Notices, Receivers

Value = TypeVar("Value")


class Shelf(Protocol):
    """One transaction."""

    @property
    def contracts(self) -> Contracts:
        """Published versions and their clauses."""
        ...

    @property
    def products(self) -> Products:
        """Domains, products, their ports and whom to tell."""
        ...

    @property
    def connections(self) -> Connections:
        """Named ways to data."""
        ...

    @property
    def schedules(self) -> Schedules:
        """Timetables as rows that tick."""
        ...

    @property
    def runs(self) -> Runs:
        """The queue's truth."""
        ...

    @property
    def triggers(self) -> Triggers:
        """What asks for runs, and which of them it joins."""
        ...

    @property
    def datasets(self) -> Datasets:
        """Under which names the data of contracts is known elsewhere."""
        ...

    @property
    def standings(self) -> Standings:
        """The newest verdict of each clause, and the scores over time."""
        ...

    @property
    def catalog(self) -> Catalog:
        """How each product stands, and finding products by it."""
        ...

    @property
    def past(self) -> Past:
        """What was recorded up to a moment."""
        ...

    @property
    def incidents(self) -> Incidents:
        """Breaches and the incidents that gather them."""
        ...

    @property
    def notices(self) -> Notices:
        """The outbox."""
        ...

    @property
    def receivers(self) -> Receivers:
        """Whom nothing is sent to any more."""
        ...

    @property
    def tokens(self) -> Tokens:
        """Who may come in."""
        ...

    @property
    def audit(self) -> Audit:
        """What was done, by whom."""
        ...

    @property
    def events(self) -> Events:
        """What happened, for those who follow."""
        ...

    @property
    def keys(self) -> Keys:
        """Requests that may be sent twice, and what was answered to them."""
        ...

    @property
    def watches(self) -> Watches:
        """When each product's assurance was last looked at."""
        ...

    @property
    def figures(self) -> Figures:
        """What operators watch."""
        ...

    @property
    def retention(self) -> Retention:
        """Letting go of what was kept long enough."""
        ...

    @property
    def heartbeats(self) -> Heartbeats:
        """Signs of life of the service's processes."""
        ...


class Store(Protocol):
    """Where everything is kept."""

    def read(self) -> AbstractContextManager[Shelf]:
        """Open a transaction that only reads."""
        ...

    def recall(
        self,
        name: Hashable,
        look: Callable[[Shelf], Value],
        *,
        fits: Callable[[Value], bool] = ...,
        size: Callable[[Value], int] = ...,
    ) -> Value:
        """Return what ``look`` finds in a transaction that only reads.

        A store that can tell that nothing was committed since may return what the same name stood
        for before, unless ``fits`` says no: so what is found depends on nothing but the name and
        what is kept, not on the time and not on who asks, and nobody changes it. ``size`` says
        about how many bytes it takes; left out: a few kilobytes.
        """
        ...

    @property
    def remembered(self) -> "Store":
        """The same for those who cannot wait: it raises ``Unremembered`` where it had to read."""
        ...

    def write(self) -> AbstractContextManager[Shelf]:
        """Open a transaction that writes; rolled back when its block raises."""
        ...
