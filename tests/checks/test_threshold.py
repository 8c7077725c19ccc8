from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.errors import UnjudgeableClause
from checks.threshold import OPERATORS, broken, holds, number, percent

NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
OPPOSITES = [
    ("mustBe", "mustNotBe"),
    ("mustBeGreaterThan", "mustBeLessOrEqualTo"),
    ("mustBeLessThan", "mustBeGreaterOrEqualTo"),
]


@pytest.mark.parametrize(("operator", "opposite"), OPPOSITES)
@given(measured=NUMBERS, value=NUMBERS)
def test_exactly_one_of_two_opposite_operators_holds(operator, opposite, measured, value):
    assert holds(measured, operator, value) is not holds(measured, opposite, value)


@given(measured=NUMBERS, low=NUMBERS, high=NUMBERS)
def test_between_is_at_least_the_low_and_at_most_the_high_end(measured, low, high):
    both = holds(measured, "mustBeGreaterOrEqualTo", low) and holds(
        measured, "mustBeLessOrEqualTo", high
    )

    assert holds(measured, "mustBeBetween", [low, high]) is both
    assert holds(measured, "mustNotBeBetween", [low, high]) is not both


@given(low=NUMBERS, more=NUMBERS)
def test_both_ends_belong_to_between(low, more):
    low, high = sorted([low, more])

    assert holds(low, "mustBeBetween", [low, high])
    assert holds(high, "mustBeBetween", [low, high])


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("mustRhyme", 1),
        ("mustBe", "1"),
        ("mustBe", None),
        ("mustBe", True),
        ("mustBeBetween", 1),
        ("mustBeBetween", [1]),
        ("mustBeBetween", "12"),
        ("mustBeBetween", [1, None]),
    ],
)
def test_a_threshold_that_means_nothing_is_refused(operator, value):
    with pytest.raises(UnjudgeableClause):
        holds(1, operator, value)


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_has_words(operator):
    value = [1, 2] if operator.endswith("Between") else 1

    assert broken(operator, value).startswith("is ")


@pytest.mark.parametrize(
    ("value", "text"),
    [(1000, "1,000"), (0.1, "0.1"), (5.0, "5"), (100 / 3, "33.3333"), (-2, "-2")],
)
def test_numbers_read_well(value, text):
    assert number(value) == text


def test_percent_of_no_rows_is_zero():
    assert percent(0, 0) == 0


@given(rows=st.integers(1, 10**12), data=st.data())
def test_percent_is_from_0_to_100(rows, data):
    count = data.draw(st.integers(0, rows))

    assert 0 <= percent(count, rows) <= 100


@pytest.mark.parametrize(
    ("measured", "value", "kept"),
    [
        (Decimal("0.1"), 0.1, True),
        (Decimal("0.10000000000000001"), 0.1, False),
        (10**23, 1e23, True),
        (0.1, 0.1, True),
    ],
)
def test_a_threshold_is_what_was_written_where_the_measured_is_exact(measured, value, kept):
    assert holds(measured, "mustBe", value) is kept


@pytest.mark.parametrize("operator", OPERATORS)
def test_what_is_no_number_is_no_threshold(operator):
    nan = float("nan")

    with pytest.raises(UnjudgeableClause, match="number"):
        holds(1, operator, [0, nan] if operator.endswith("Between") else nan)
