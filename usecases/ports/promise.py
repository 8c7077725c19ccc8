"""What is promised: contracts, products, connections."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from contracts.clause import Clause
from contracts.filter import ContractFilter
from contracts.record import Version
from products.model import Connection, Port, Product


class Contracts(Protocol):
    """Published versions and their clauses."""

    def lock(self, contract_id: str) -> None:
        """Hold a contract, there or not, until the transaction ends: it is published in turn."""
        ...

    def add(self, version: Version, body: bytes, clauses: Sequence[Clause]) -> None:
        """Keep a new version as the current one; its clauses become the contract's.

        Clauses are rows by (contract, key) that live on across versions. One that is not in
        ``clauses`` any more is retired, and so is its standing; one that comes back is revived.
        """
        ...

    def drop_failing(self, contract_id: str, keys: Collection[str], at: datetime) -> None:
        """Remember that these clauses were dropped or weakened while they were failing."""
        ...

    def current(self, contract_id: str) -> Version | None:
        """Return the version that runs now."""
        ...

    def version(self, contract_id: str, version: str) -> Version | None:
        """Return one version."""
        ...

    def versions(self, contract_id: str) -> tuple[Version, ...]:
        """Return all versions, newest first."""
        ...

    def find(self, wanted: ContractFilter, *, after: str, limit: int) -> tuple[Version, ...]:
        """Return current versions of a kind by contract id, those that sort behind ``after``."""
        ...

    def page(self, *, after: str, limit: int) -> tuple[Version, ...]:
        """Return current versions by contract id, those that sort behind ``after``."""
        ...

    def body(self, contract_id: str, version: str) -> bytes | None:
        """Return the document exactly as it was published."""
        ...

    def clauses(self, contract_id: str) -> tuple[Clause, ...]:
        """Return the clauses of the current version, in document order."""
        ...


class Products(Protocol):
    """Domains, products, their ports and whom to tell."""

    def put(self, product: Product, port: Port, receivers: Sequence[tuple[str, str]]) -> None:
        """Keep a product and one port of it; ``receivers`` (channel, target) replace the port's."""
        ...

    def get(self, key: str) -> Product | None:
        """Return one product."""
        ...

    def lock(self, key: str) -> None:
        """Hold the product's row until the transaction ends, so that its ports finish in turn."""
        ...

    def page(self, *, after: str, limit: int) -> tuple[Product, ...]:
        """Return products by key, those that sort behind ``after``."""
        ...

    def ports(self, key: str) -> tuple[Port, ...]:
        """Return a product's ports by name."""
        ...

    def port_of(self, contract_id: str) -> Port | None:
        """Return the port that a contract is about."""
        ...

    def receivers(self, key: str) -> tuple[tuple[str, str], ...]:
        """Return whom a product's trouble is told to, as distinct (channel, target) pairs."""
        ...


class Connections(Protocol):
    """Named ways to data."""

    def put(self, connection: Connection) -> None:
        """Keep a connection; one of the same name is replaced."""
        ...

    def get(self, name: str) -> Connection | None:
        """Return one connection."""
        ...

    def all(self) -> tuple[Connection, ...]:
        """Return every connection by name."""
        ...
