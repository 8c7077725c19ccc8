import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import InvalidContract
from contracts.json_text import read_json
from tests.contracts.documents import PLAIN_JSON, QUICK


def refused(text: str) -> tuple[str, str, int, int]:
    with pytest.raises(InvalidContract) as caught:
        read_json(text)
    problem = caught.value.problems[-1]
    return problem.code, problem.pointer, problem.line, problem.column


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"a": []}',
        '{"a": [1, -2.5e3, true, false, null, "x\\n\\u00e9\\ud83d\\ude00"]}',
        '\t{\r\n"a" : {"b" : {} } }\n',
    ],
)
def test_json_means_what_json_means(text):
    assert read_json(text).value == json.loads(text)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("{", 2),
        ("{}x", 3),
        ("{} {}", 4),
        ('{"a"}', 5),
        ('{"a" 1}', 6),
        ('{"a":}', 6),
        ('{"a":1,}', 8),
        ('{"a":[1,]}', 9),
        ('{"a":[1}', 8),
        ('{"a":[1 2]}', 9),
        ("{1: 2}", 2),
        ("{,}", 2),
        ('{"a":01}', 7),
        ('{"a":NaN}', 6),
        ('{"a":trueish}', 6),
        ('{"a":"x}', 6),
        ('{"a":"\\x"}', 6),
        ('{"a":[}', 7),
        ('{"a":1]', 7),
        ('{"a":1:', 7),
        ("{a: 1}", 2),
    ],
)
def test_a_fault_has_its_column(text, column):
    assert (refused(text)[0], *refused(text)[2:]) == ("json-syntax", 1, column)


def test_a_fault_has_its_line_and_pointer():
    assert refused('{"a": 1,\n "b": [1,\n  oops]}') == ("json-syntax", "/b/1", 3, 3)


def test_a_duplicate_key_is_noted():
    problem = read_json('{"a": 1,\n "a": 2}').problems[0]

    assert (problem.code, problem.pointer, problem.line, problem.column) == (
        "duplicate-key",
        "/a",
        2,
        2,
    )


@pytest.mark.parametrize("text", ['"\\u0000"', '"\\ud800"'])
def test_text_that_cannot_be_stored_is_noted(text):
    document = read_json(f'{{"a": {text}}}')

    assert [p.code for p in document.problems] == ["bad-character"]
    assert document.value == {"a": ""}


@pytest.mark.parametrize("text", ["1e999", "-1e999", "9" * 65])
def test_a_number_that_nothing_can_hold_is_noted(text):
    document = read_json(f'{{"a": {text}}}')

    assert [(p.code, p.pointer) for p in document.problems] == [("bad-number", "/a")]


def test_nesting_is_bounded():
    assert refused('{"a":' * 65)[0] == "too-deep"


@given(
    value=st.dictionaries(st.text(max_size=8), PLAIN_JSON, max_size=4),
    indent=st.none() | st.just(1),
)
@QUICK
def test_whatever_json_writes_is_read_back(value, indent):
    document = read_json(json.dumps(value, indent=indent))

    if not document.problems:
        assert document.value == value
