import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecards.catalog import Level, Order, Place

places = st.builds(
    Place,
    order=st.sampled_from(Order),
    level=st.integers(0, len(Level) - 1),
    score=st.floats(0, 101),
    key=st.text(),
)


@given(places)
def test_a_place_that_is_written_can_be_read(place: Place):
    assert Place.read(str(place)) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sales.orders",
        "key:0:1.0",
        "odd:0:1.0:a",
        "key:x:1.0:a",
        "key:0:nan:a",
        "key:0:inf:a",
        "key:-1:1.0:a",
        "key:6:1.0:a",
    ],
)
def test_what_is_no_place_is_refused(text: str):
    with pytest.raises(ValueError, match="give 'next' of the page before"):
        Place.read(text)


def test_levels_are_in_the_order_of_need():
    assert [level.place for level in Level] == [0, 1, 2, 3, 4, 5]
    assert Level.INCIDENT.place == 0
