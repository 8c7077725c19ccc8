import pytest

from api import tags

CARD = b'{"key":"sales.orders","at":"%s","history":[{"at":"%s"}]}'
SCORECARD = "/api/v1/products/sales.orders/scorecard"


def card(at: str, history: str = "10:00") -> bytes:
    return CARD % (at.encode(), history.encode())


def test_a_card_that_differs_only_in_its_moment_has_the_same_tag():
    assert tags.weak(SCORECARD, card("11:00")) == tags.weak(SCORECARD, card("12:00"))


def test_a_card_that_differs_in_what_it_says_has_another_tag():
    first, second = card("11:00", "10:00"), card("11:00", "10:10")

    assert tags.weak(SCORECARD, first) != tags.weak(SCORECARD, second)


def test_elsewhere_a_moment_is_part_of_what_is_said():
    assert tags.weak("/api/v1/incidents/1", card("1")) != tags.weak(
        "/api/v1/incidents/1", card("2")
    )


def test_a_tag_of_json_is_weak_and_short():
    tag = tags.weak("/api/v1/runs", b"{}")

    assert (tag[:3], tag[-1], len(tag)) == ('W/"', '"', 36)


@pytest.mark.parametrize("told", ['W/"a"', '"a"', '"x", W/"a"', "*", ' W/"a" ', '"b","a"'])
def test_what_names_the_tag_says_that_it_is_unchanged(told: str):
    assert tags.unchanged(told, 'W/"a"')
    assert tags.unchanged(told, '"a"')


@pytest.mark.parametrize("told", ["", '"b"', "a", "W/a", '"', 'w/"b"', "nonsense", '"a'])
def test_what_names_another_or_nothing_says_nothing(told: str):
    assert not tags.unchanged(told, '"a"')


@pytest.mark.parametrize(
    ("told", "tag", "fits"),
    [
        ('"a"', '"a"', True),
        ('"b", "a"', '"a"', True),
        ("*", '"a"', True),
        ('W/"a"', '"a"', False),
        ('W/"a"', 'W/"a"', False),
        ("*", 'W/"a"', True),
        ('"b"', '"a"', False),
        ("*", None, False),
        ('"a"', None, False),
        ("nonsense", '"a"', False),
    ],
)
def test_a_change_expects_what_is_there(told: str, tag: str | None, fits: bool):  # noqa: FBT001 - a table
    assert tags.expected(told, tag) is fits


def test_a_document_has_the_same_tag_however_its_members_are_ordered():
    assert tags.strong({"a": 1, "b": 2}) == tags.strong({"b": 2, "a": 1})
    assert tags.strong({"a": 1}) != tags.strong({"a": 2})
