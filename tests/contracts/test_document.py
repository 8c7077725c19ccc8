import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.document import MAX_BYTES, load
from contracts.errors import InvalidContract
from tests.contracts.documents import QUICK

HOSTILE = {
    "brackets": b"a: " + b"[" * 100_000,
    "braces": b"a: " + b"{a: " * 60_000,
    "json brackets": b'{"a":' + b"[" * 100_000,
    "nested dashes": b"- " * 100_000,
    "question marks": b"? " * 100_000,
    "unclosed string": b'a: "' + b"x" * 262_000,
    "unclosed json string": b'{"a": "' + b"\\n" * 130_000,
    "digits": b"a: " + b"9" * 262_000,
    "json digits": b'{"a": ' + b"9" * 262_000 + b"}",
    "aliases": b"a: &a [x]\n" + b"b: [*a,*a]\n" * 20_000,
    "one key for ever": b"k: 1\n" * 50_000,
    "anchors": b"&a " * 80_000,
    "tags": b"!a " * 80_000,
    "directives": b"%YAML 9.9\n" * 20_000,
    "colons": b"a: " * 80_000,
    "a comment": b"#" * 262_000,
    "blank": b"\n" * 262_000,
}


def refused(data: bytes) -> tuple[str, int, int]:
    with pytest.raises(InvalidContract) as caught:
        load(data)
    last = caught.value.problems[-1]
    return last.code, last.line, last.column


def test_yaml_and_json_read_alike():
    text = b"id: x\nlist: [1, 2.5, true, null]\n"
    other = b'{"id": "x", "list": [1, 2.5, true, null]}'

    assert load(text).value == load(other).value


def test_a_byte_order_mark_is_no_part_of_the_text():
    assert load(b"\xef\xbb\xbfid: x").value == {"id": "x"}


def test_too_many_bytes_are_refused_unread():
    assert refused(b"x" * (MAX_BYTES + 1)) == ("too-large", 1, 1)


def test_a_document_of_the_full_size_is_read():
    assert load(b"a: " + b"x" * (MAX_BYTES - 3)).value.keys() == {"a"}


def test_a_byte_that_is_not_utf8_is_named_with_its_place():
    assert refused(b"a: 1\nbc: \xff") == ("not-utf8", 2, 5)


def test_a_control_character_is_named_with_its_place():
    assert refused(b"a: 1\nb: x\x07") == ("bad-character", 2, 5)


@pytest.mark.parametrize("data", [b"", b"  \n", b"# nothing\n"])
def test_a_document_without_content_is_refused(data):
    assert refused(data)[0] == "empty-document"


@pytest.mark.parametrize("data", [b"- 1", b"text", b"7"])
def test_a_document_that_is_no_mapping_is_refused(data):
    assert refused(data)[0] == "wrong-type"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_ends_quickly(name):
    before = time.process_time()

    try:
        load(HOSTILE[name])
    except InvalidContract as error:
        assert error.problems

    assert time.process_time() - before < 2


@given(data=st.binary(max_size=60))
@QUICK
def test_any_bytes_are_read_or_refused(data):
    try:
        value = load(data).value
    except InvalidContract as error:
        assert all(p.line >= 1 and p.column >= 1 for p in error.problems)
    else:
        assert isinstance(value, dict)


@given(text=st.text(alphabet="{}[]:,-?&*!|>'\"#%@ \nab1.~\\", max_size=40))
@QUICK
def test_any_play_of_signs_is_read_or_refused(text):
    for data in (text.encode(), b"{" + text.encode(), b"a: " + text.encode()):
        try:
            assert isinstance(load(data).value, dict)
        except InvalidContract as error:
            assert error.problems
