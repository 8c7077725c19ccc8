"""What every shape of the API has in common."""

from datetime import UTC, datetime
from typing import Annotated, Final, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Item = TypeVar("Item", bound=BaseModel)
_LAYOUT: Final = "\t\n\r"
_JOINERS: Final = "\u200c\u200d"  # Persian is misspelt, and emoji fall apart, without them


def _visible(text: str) -> str:
    if not all(char.isprintable() or char in _JOINERS for char in text):
        raise ValueError("holds a character that cannot be seen")
    return text


def _readable(text: str) -> str:
    if not all(char.isprintable() or char in _LAYOUT + _JOINERS for char in text):
        raise ValueError("holds a character that is no text")
    return text


def _utc(at: datetime) -> datetime:
    try:
        return at.replace(tzinfo=UTC) if at.utcoffset() is None else at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("lies beyond all calendars") from error


Moment = Annotated[datetime, AfterValidator(_utc)]  # UTC, as is one that comes without a zone
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
