"""Ids of rows, as paths carry them."""

from typing import Annotated, Final

from fastapi import Path

LARGEST: Final = 2**63 - 1  # that a database can number
RowId = Annotated[int, Path(ge=1, le=LARGEST)]
