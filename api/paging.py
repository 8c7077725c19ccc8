"""Cursor pagination: a page is asked for by the cursor that the page before gave."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from api.ids import LARGEST
from usecases.documents import Document

Row = TypeVar("Row")

Limit = Annotated[int, Query(ge=1, le=200, description="Entries on one page.")]
After = Annotated[
    str, Query(max_length=500, description="`next` of the page before; empty: the first.")
]
AfterId = Annotated[
    int | None,
    Query(ge=1, le=LARGEST, description="`next` of the page before; absent: the first."),
]


def listing(
    rows: Sequence[Row],
    limit: int,
    *,
    cursor: Callable[[Row], object],
    shape: Callable[[Row], Document],
) -> Document:
    """Return one page of a list.

    Args:
        rows: What was found for ``limit + 1``: one more than is shown tells that there is more.
        limit: Entries on one page.
        cursor: What the next page goes on behind.
        shape: An entry as a document.
    """
    shown = rows[:limit]
    more = len(rows) > limit
    return {
        "items": [shape(row) for row in shown],
        "next": str(cursor(shown[-1])) if more else None,
    }
