from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.paging import listing


def page_of(rows: list[int], limit: int) -> Any:
    return listing(rows, limit, cursor=lambda row: row, shape=lambda row: {"row": row})


@given(count=st.integers(0, 40), limit=st.integers(1, 10))
def test_pages_hold_every_row_once_and_in_order(count: int, limit: int):
    rows, seen, after = list(range(1, count + 1)), [], 0

    while True:
        found = [row for row in rows if row > after][: limit + 1]
        page = page_of(found, limit)
        seen += [item["row"] for item in page["items"]]
        if page["next"] is None:
            break
        after = int(page["next"])

    assert seen == rows
