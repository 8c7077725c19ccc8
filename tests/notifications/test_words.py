from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.words import cell, clean, columns, moment, share_of_rows, short, stretch


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "NULL"),
        (True, "true"),
        (0, "0"),
        (1.5, "1.5"),
        ("", "(blank)"),
        (" \n ", "(blank)"),
        ("x\ny", "x y"),
        ("\u202egnp", "\ufffdgnp"),
        ("a" * 61, "a" * 59 + "…"),
    ],
)
def test_cells_are_short_and_visible(value: str | float | None, words: str):
    assert cell(value) == words


@given(st.text(st.characters()))
def test_whatever_comes_in_leaves_on_one_printable_line(text: str):
    assert clean(text).isprintable()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (61, "1 min 1 s"),
        (7_500, "2 h 5 min"),
        (86_400, "1 d"),
        (90_061, "1 d 1 h"),
    ],
)
def test_stretches_have_two_parts(seconds: float, words: str):
    assert stretch(timedelta(seconds=seconds)) == words


def test_a_moment_names_its_zone():
    assert moment(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == "2 Jan 2026, 03:04:05 UTC"


@pytest.mark.parametrize(
    ("failed", "rows", "words"),
    [
        (None, 9, ""),
        (3, None, "3 rows"),
        (0, 0, "0 rows"),
        (0, 9, "0 of 9 rows (0 %)"),
        (152, 60_175, "152 of 60,175 rows (0.25 %)"),
        (1, 60_175, "1 of 60,175 rows (under 0.01 %)"),
        (9, 9, "9 of 9 rows (100 %)"),
    ],
)
def test_shares_of_rows(failed: int | None, rows: int | None, words: str):
    assert share_of_rows(failed, rows) == words


def test_joiners_of_letters_and_emoji_stay():
    assert clean("a\u200cb \U0001f468\u200d\U0001f467") == "a\u200cb \U0001f468\u200d\U0001f467"


@given(st.text(), st.integers(1, 20))
def test_what_is_short_is_never_longer_than_asked_for(text: str, most: int):
    assert len(short(text, most)) <= most


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("\u65e5\u672c", 4), ("e\u0301", 1), ("\U0001f600", 2), ("a\u200cb", 2)],
)
def test_columns_are_counted_as_a_terminal_shows_them(text: str, width: int):
    assert columns(text) == width
