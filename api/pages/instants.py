"""An instant in an address, as a form of ours or a person writes it."""

from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator

from api.models.base import Moment


def _absent(said: object) -> object:
    """Take an empty field of a form as none."""
    return said or None


MaybeInstant = Annotated[Moment | None, BeforeValidator(_absent)]
At = Annotated[MaybeInstant, Query()]
