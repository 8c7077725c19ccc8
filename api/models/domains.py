"""Domains and how their products stand."""

from pydantic import Field

from api.models.base import Shape
from api.models.products import ProductListing


class LowestDocument(Shape):
    """The product with the lowest score."""

    product: str = Field(examples=["sales.orders"])
    score: float = Field(description="0 to 100.")


class DomainDocument(Shape):
    """How the products of a domain stand. There is no average: it would hide the worst."""

    name: str = Field(examples=["sales"])
    products: int
    at_target: int = Field(
        description="Products with an assurance of at least 0.8 and a score of at least 90."
    )
    failing: int = Field(description="Products of which a clause fails.")
    lowest: LowestDocument | None = Field(description="Null while nothing is measured.")
    open_incidents: int


class DomainDetailDocument(DomainDocument):
    """A domain with a page of its products, what needs somebody first."""

    listing: ProductListing
