"""A database that lets in whoever knows the password, for tests of the ways to data."""

from collections.abc import Sequence
from typing import Final

from checks.dataset import Dataset
from checks.errors import UnreachableData
from checks.location import Limits, Location
from contracts.model import Schema
from products.model import Connection, Database

PLACE: Final = "tests.usecases.database:FakeDatabase"
PASSWORD: Final = "open-sesame-canary"  # noqa: S105 - opens nothing
SALES: Final = Connection(
    name="sales",
    source="postgresql",
    database=Database(host="db.example.org", name="sales", user="assay", secret="env:SALES"),  # noqa: S106
)


class FakeDatabase:
    """A source that looks at the password, and at nothing else."""

    def open(self, schemas: Sequence[Schema], location: Location, *, limits: Limits) -> Dataset:
        """Let nobody read: whoever gets in finds no table."""
        raise UnreachableData(self.probe(location, limits=limits))

    def probe(self, location: Location, *, limits: Limits) -> str:
        """Say who is there."""
        address = location.address
        assert address is not None
        if address.host == "broken":
            raise TypeError("a fault of ours")
        if address.password != PASSWORD:
            raise UnreachableData(f'password authentication failed for user "{address.user}"')
        return f"{address.host} answers within {limits.statement_seconds:g} s"
