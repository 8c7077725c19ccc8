"""Which contracts somebody wants to see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFilter:
    """Contracts for which everything that is not None holds; ``product`` is a product's key."""

    product: str | None = None
    domain: str | None = None
