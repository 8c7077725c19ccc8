from pathlib import Path

import pytest

from checks.errors import FailedStatement, RefusedQuery, StoppedQuery
from checks.wording import HIDDEN, counted, fault, listed, missing_column, share, short


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


@pytest.mark.parametrize(
    "error",
    [
        FailedStatement("Conversion Error: Could not convert string 'O'Brien' to INT32"),
        FailedStatement("Out of Range Error: Overflow in multiplication of INT32 (777001 * 9)!"),
        FailedStatement('invalid input syntax for type integer: "alice"'),
        ValueError("alice"),
        "(duckdb.ConversionException) Conversion Error: 777001",
    ],
)
def test_a_fault_that_may_show_a_cell_tells_nothing_of_it(error):
    assert fault(error, masked=True) == HIDDEN


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (StoppedQuery(9), "stopped after 9 s"),
        (RefusedQuery("DROP is not allowed"), "query refused: DROP is not allowed"),
        (
            FailedStatement('Binder Error: Referenced column "gone" not found'),
            'Binder Error: Referenced column "gone" not found',
        ),
    ],
)
def test_a_fault_of_the_question_alone_is_told_though_cells_are_hidden(error, told):
    assert fault(error, masked=True) == told


def test_a_fault_without_text_is_told_by_its_name():
    assert fault(KeyError()) == "KeyError"
