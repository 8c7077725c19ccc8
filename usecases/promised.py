"""Bytes of a published version -> what it promises. Bytes never change, so each is read once."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from contracts.clause import Clause
from contracts.clauses import clauses
from contracts.errors import InvalidContract
from contracts.model import Contract
from contracts.parse import parse
from contracts.record import Version
from products.model import Product, product_key
from usecases.errors import Conflict, NotFound
from usecases.ports import Shelf

_KEPT: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A contract as it was published, and its clauses in document order."""

    contract: Contract
    clauses: tuple[Clause, ...]


def promised(shelf: Shelf, version: Version) -> Promised:
    """Return what a version promises.

    Raises:
        Conflict: a newer release takes the document for no contract.
    """
    body = shelf.contracts.body(version.contract_id, version.version)
    if body is None:
        raise NotFound("version", f"{version.contract_id} {version.version}")
    try:
        return read_promised(body)
    except InvalidContract as error:
        raise Conflict(
            "unreadable-version",
            f"version {version.version} of {version.contract_id!r}, which was current then, "
            "is no contract to this release",
        ) from error


def product_of(contract: Contract) -> Product:
    """Return the data product that a contract is about."""
    return Product(
        key=product_key(contract.domain, contract.product),
        domain=contract.domain,
        name=contract.product,
        purpose=contract.purpose,
        owner=contract.team.name or contract.team.owner,
    )


@lru_cache(maxsize=_KEPT)
def read_promised(body: bytes) -> Promised:
    """Return what the bytes of a version promise, read once in a process.

    Raises:
        InvalidContract: a newer release takes the document for no contract.
    """
    contract = parse(body)
    return Promised(contract=contract, clauses=clauses(contract))
