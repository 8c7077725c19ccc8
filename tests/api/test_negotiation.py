import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import NotAcceptable
from api.negotiation import choose

JSON, YAML = "application/json", "application/yaml"
OFFERS = (JSON, YAML)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", JSON),
        ("  ", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/yaml", YAML),
        ("APPLICATION/YAML", YAML),
        ("text/yaml", YAML),
        ("application/x-yaml", YAML),
        ("application/yaml, application/json", JSON),
        ("application/yaml;q=0.9, application/json;q=0.5", YAML),
        ("application/json;q=0.5, */*", YAML),
        ("application/json;q=0, */*;q=0.1", YAML),
        ("application/json; q=0.2, application/yaml; q=0.3", YAML),
        ("text/html,*/*;q=0.8", JSON),
        ("application/yaml;charset=utf-8", YAML),
        ("application/json;q=high, application/yaml;q=0.9", JSON),
        ("application/json;q=2, application/yaml;q=0.9", JSON),
        ("nonsense, application/yaml", YAML),
    ],
)
def test_the_form_that_is_wanted_most_is_chosen(accept: str, chosen: str):
    assert choose(accept, OFFERS) == chosen


@pytest.mark.parametrize(
    "accept",
    ["text/html", "application/json;q=0", "*/*;q=0", "nonsense", "application/jso", "text/*", ";"],
)
def test_where_nothing_fits_what_there_is_is_told(accept: str):
    with pytest.raises(NotAcceptable) as raised:
        choose(accept, OFFERS)

    assert raised.value.offers == OFFERS
    assert accept in str(raised.value)


@given(st.text(max_size=60))
def test_any_wish_is_answered_or_refused(accept: str):
    try:
        assert choose(accept, OFFERS) in OFFERS
    except NotAcceptable as error:
        assert error.offers == OFFERS
