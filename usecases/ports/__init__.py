"""What the verbs need from outside, as protocols. ``store`` fits them.

A ``Store`` opens transactions; a ``Shelf`` is one transaction and groups what lies in it. Whatever
is written on a shelf is committed together when its block ends, or not at all when it raises.
"""

from contextlib import AbstractContextManager
from typing import Protocol

from usecases.ports.judging import Runs, Schedules, Standings
from usecases.ports.promise import Connections, Contracts, Products
from usecases.ports.service import Audit, Heartbeats, Tokens
from usecases.ports.trouble import Incidents, Notices


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
    def standings(self) -> Standings:
        """The newest verdict of each clause, and the scores over time."""
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
    def tokens(self) -> Tokens:
        """Who may come in."""
        ...

    @property
    def audit(self) -> Audit:
        """What was done, by whom."""
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

    def write(self) -> AbstractContextManager[Shelf]:
        """Open a transaction that writes; rolled back when its block raises."""
        ...
