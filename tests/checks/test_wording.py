from pathlib import Path

import pytest

from checks.wording import MASK, counted, fault, listed, missing_column, share, short


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1000, "1,000 rows")]
)
def test_a_noun_agrees_with_its_count(count, text):
    assert counted(count, "row") == text


def test_a_share_reads_as_a_sentence():
    assert share(3, 1000, ("is null", "are null")) == "3 of 1,000 rows are null"
    assert share(1, 1, ("is null", "are null")) == "1 of 1 row is null"


def test_a_missing_column_names_those_there_are():
    assert missing_column("x", "t", ["a", "b"]) == "no column 'x' in t; there are a, b"


def test_of_many_names_ten_are_told():
    assert listed("abcdefghijkl") == "a, b, c, d, e, f, g, h, i, j and 2 more"
    assert listed("abcdefghij") == "a, b, c, d, e, f, g, h, i, j"


def test_an_empty_text_in_a_list_can_be_seen():
    assert listed(["a", ""]) == "a, ''"


def test_a_reason_is_cut_after_300_characters():
    assert short("x" * 300) == "x" * 300
    assert short("x" * 301) == "x" * 297 + "..."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "(duckdb.BinderException) Binder Error: no\n\nLINE 1: select\n[SQL: select]",
            "Binder Error: no",
        ),
        ("Error\n[SQL: SELECT 1]\n[parameters: ('secret',)]", "Error"),
        ("line\n  break", "line break"),
        ("x" * 400, "x" * 297 + "..."),
        ("Cannot open '/data/root/a.csv'", "Cannot open 'a.csv'"),
        ("Invalid Input Error: no such thing", "no such thing"),
    ],
)
def test_a_fault_is_one_short_line(text, told):
    assert fault(text, roots=[Path("/data/root")]) == told


def test_a_fault_hides_what_may_be_a_cell():
    assert fault("cannot cast 'secret' or \"this\"", masked=True) == f"cannot cast {MASK} or {MASK}"


def test_a_fault_without_text_is_told_by_its_name():
    assert fault(KeyError()) == "KeyError"
