import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.document import load
from contracts.errors import InvalidContract
from contracts.render import as_json, as_yaml
from tests.cast import ORDERS

LETTERS = st.sampled_from("aé \n\t:#-'\"|>!&*%@`{}[],?~0123456789eE.+xo\x85\u2028/")
TRAPS = st.sampled_from(
    [
        *("1e3", "0o7", "0x1F", "yes", "no", "~", "null", "2026-11-20", "12:30", "", "1_000", ".5"),
        *(".inf", ".nan", "1e999", "=", "<<", "- a", "a: b", "a #b", " x", "x ", "a\n b\n", "\n"),
    ]
)
TEXTS = TRAPS | st.text(LETTERS, max_size=12)
NUMBERS = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES = st.dictionaries(
    TEXTS,
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


@settings(max_examples=300)
@given(VALUES)
def test_what_a_document_says_is_the_same_in_the_other_form_and_back(value):
    source = json.dumps(value).encode()
    there = as_yaml(source)

    assert json.dumps(load(there).value) == json.dumps(value)
    assert load(there).problems == ()
    assert json.loads(as_json(there)) == value


def test_yaml_is_written_for_people():
    source = b'{"id": "orders", "version": "1.0", "tags": ["a", "yes"], "text": "one\\ntwo\\n"}'

    assert as_yaml(source).decode() == (
        "id: orders\nversion: '1.0'\ntags:\n- a\n- 'yes'\ntext: |\n  one\n  two\n"
    ).replace("'1.0'", '"1.0"')


def test_json_is_written_in_the_order_of_the_document():
    assert as_json(b"b: 1\na: [1.0, true]\n").decode() == (
        '{\n  "b": 1,\n  "a": [\n    1.0,\n    true\n  ]\n}\n'
    )


def test_a_contract_says_the_same_in_json():
    assert load(as_json(ORDERS.encode())).value == load(ORDERS.encode()).value


@pytest.mark.parametrize("form", [as_json, as_yaml])
def test_what_cannot_be_read_is_not_written(form):
    with pytest.raises(InvalidContract):
        form(b"id: [")
