import pytest

from contracts.names import flaw_of_address, flaw_of_name
from tests.contracts.documents import document, problems

UNSEEN = [
    "or\u202eders",  # right-to-left override
    "or\u2066ders",  # left-to-right isolate
    "or\u200fders",  # right-to-left mark
    "or\u200bders",  # zero width space
    "or\u200dders",  # zero width joiner among Latin letters
    "orders\ufe0f",  # variation selector
    "or\u2060ders",  # word joiner
    "or\u00adders",  # soft hyphen
    "\ufefforders",  # byte order mark
    "or\u2028ders",  # line separator
    "or\u2029ders",  # paragraph separator
    "orders\n",
    "or\x07ders",
    "or\x85ders",
    "\u3164",  # Hangul filler: a letter that nobody sees
    "or\U000e0041ders",  # tag
]


@pytest.mark.parametrize("word", UNSEEN)
def test_what_nobody_can_see_is_refused_in_whatever_becomes_a_key(word: str):
    said = {
        "id": "bad-id",
        "version": "bad-version",
        "domain": "bad-name",
        "dataProduct": "bad-name",
        "name": "bad-name",
    }

    for key, code in said.items():
        assert problems(document(**{key: word})) == [(code, f"/{key}")]


@pytest.mark.parametrize("word", [".", "..", " .. "])
def test_what_an_address_takes_for_a_step_is_no_domain(word: str):
    assert problems(document(domain=word)) == [("bad-name", "/domain")]


@pytest.mark.parametrize(
    "word",
    ["Ventes à l'été", "Sales & Co. / EU", "订单", "نمی\u200cشود", "क्\u200dष", "❤️", "👩\u200d🔬"],
)
def test_names_as_people_write_them_are_fine(word: str):
    assert problems(document(domain=word, dataProduct=word, name=word)) == []


@pytest.mark.parametrize("word", ["نمی\u200cشود", "❤️"])
def test_an_address_holds_nothing_unseen_in_any_script(word: str):
    assert flaw_of_address(word)


def test_a_flaw_says_what_where_and_what_to_do():
    assert flaw_of_address("or\u202eders") == (
        "must not hold U+202E (right-to-left override), its letter 3: take it out"
    )
    assert flaw_of_name("a\nb") == (
        "must not hold U+000A (a control character), its letter 2: take it out"
    )
    assert flaw_of_name("..") == "must not be '..', which no address can hold: write a name"
    assert flaw_of_address("a/b") == (
        "must not hold '/', which parts an address: write '-' or '.' instead"
    )
    assert flaw_of_address("x" * 201) == (
        "must have 1 to 200 letters, one of them visible; it has 201"
    )


def test_a_name_may_be_longer_than_an_address():
    assert flaw_of_name("x" * 1024) == ""
    assert flaw_of_name("x" * 1025)


def test_an_empty_domain_is_none_that_is_stated():
    assert problems(document(domain="", name="")) == []
