"""Ids of rows, as paths carry them."""

from typing import Annotated

from fastapi import Path

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
