"""What every shape of the API has in common."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item", bound=BaseModel)


class Shape(BaseModel):
    """A closed shape: a member that is not named is a mistake, on the way in and out."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Listing(Shape, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next: str | None = Field(
        description="Give it as `after` to get the next page; null on the last one."
    )


class ContractRef(Shape):
    """A contract version by name."""

    id: str = Field(examples=["orders"])
    version: str = Field(examples=["1.2.0"])
