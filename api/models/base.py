"""What every shape of the API has in common."""

from typing import Annotated, Final, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Item = TypeVar("Item", bound=BaseModel)
_LAYOUT: Final = "\t\n\r"


def _visible(text: str) -> str:
    if not text.isprintable():
        raise ValueError("holds a character that cannot be seen")
    return text


def _readable(text: str) -> str:
    if not all(char.isprintable() or char in _LAYOUT for char in text):
        raise ValueError("holds a character that is no text")
    return text


Word = Annotated[str, AfterValidator(_visible)]  # one line, such as a name
Prose = Annotated[str, AfterValidator(_readable)]  # may have lines


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
