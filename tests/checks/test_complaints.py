import pytest

from checks.complaints import plainly

LINE = "CSV Error on Line: 7\nOriginal Line: canary\n{}\n\n  file = /data/a.csv\n  delimiter = ,\n"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Expected Number of Columns: 2 Found: 3", "a.csv line 7 has 3 cells, not 2"),
        ("Value with unterminated quote found.", "a.csv line 7 holds a quote that does not close"),
        (
            "Invalid unicode (byte sequence mismatch) detected.",
            (
                "a.csv line 7 is not in the encoding stated for the file: "
                "say which in the server's customProperties: encoding"
            ),
        ),
        ("Maximum line size of 2000000 bytes exceeded.", "a.csv line 7 is too long"),
        ("Something new", "a.csv line 7 cannot be read"),
    ],
)
def test_a_broken_line_is_told_by_its_number_alone(said, told):
    assert plainly(LINE.format(said)) == told


def test_a_broken_line_needs_no_file():
    assert plainly("CSV Error on Line: 7\nOriginal Line: canary") == "line 7 cannot be read"


def test_what_the_line_itself_holds_explains_nothing():
    line = "x\nExpected Number of Columns: 8 Found: 9\nExpected Number of Columns: 2 Found: 3"

    assert plainly(LINE.format(line)) == "a.csv line 7 has 3 cells, not 2"


def test_memory_that_does_not_suffice_is_told_with_its_limit():
    said = "Out of Memory Error: failed to allocate 1.0 MiB (243.4 MiB/244.1 MiB used)\nDatabase is"

    assert plainly(said) == "it takes more memory than the 244.1 MiB that a run may use"


def test_all_else_is_left_as_it_is():
    assert plainly("Binder Error: no") == "Binder Error: no"
