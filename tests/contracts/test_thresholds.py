import pytest

from contracts.model import Threshold
from contracts.thresholds import compared, one_of, shown


@pytest.mark.parametrize(
    ("operator", "value", "words"),
    [
        ("mustBe", 0, "exactly 0"),
        ("mustNotBe", "x", "anything but x"),
        ("mustBeGreaterThan", 1, "more than 1"),
        ("mustBeGreaterOrEqualTo", 1.5, "at least 1.5"),
        ("mustBeLessThan", 1, "less than 1"),
        ("mustBeLessOrEqualTo", 1, "at most 1"),
        ("mustBeBetween", (1, 2), "between 1 and 2"),
        ("mustNotBeBetween", (1, 2), "below 1 or above 2"),
    ],
)
def test_operators_in_words(operator, value, words):
    assert compared(Threshold(operator=operator, value=value)) == words
    assert compared(Threshold(operator=operator, value=value, unit="percent")) == f"{words} %"


def test_no_threshold_has_no_words():
    assert compared(None) == ""


def test_long_lists_are_cut():
    assert one_of(["a", 1, None]) == "one of a, 1, null"
    assert one_of(range(10)) == "one of 0, 1, 2, 3, 4, 5, 6, 7 and 2 more"


def test_values_are_shown_as_the_document_means_them():
    assert [shown(v) for v in (None, True, False, 1.5)] == ["null", "true", "false", "1.5"]
    assert len(shown("x" * 500)) == 123


def test_text_without_visible_ends_stands_in_quotes():
    assert one_of(["a", "", " b"]) == "one of a, '', ' b'"
    assert compared(Threshold(operator="mustBe", value="")) == "exactly ''"
