import pytest

from contracts.errors import InvalidContract
from contracts.yaml_text import read_yaml


def noted(text: str) -> list[tuple[str, str, int, int]]:
    return [(p.code, p.pointer, p.line, p.column) for p in read_yaml(text).problems]


def refused(text: str) -> tuple[str, str, int, int]:
    with pytest.raises(InvalidContract) as caught:
        read_yaml(text)
    problem = caught.value.problems[-1]
    return problem.code, problem.pointer, problem.line, problem.column


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("~", None),
        ("", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("12", 12),
        ("-12", -12),
        ("0o17", 15),
        ("0x1F", 31),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("yes", "yes"),
        ("NO", "NO"),
        ("2024-01-31", "2024-01-31"),
        ("12:30:00", "12:30:00"),
        ("1_000", "1_000"),
        ("1.2.3", "1.2.3"),
        ("+", "+"),
        ("'12'", "12"),
        ('"true"', "true"),
    ],
)
def test_plain_scalars_follow_the_core_schema(text, value):
    assert read_yaml(f"a: {text}").value == {"a": value}


@pytest.mark.parametrize("text", [".inf", "-.Inf", ".nan", "1e999", "9" * 65, "0x" + "f" * 65])
def test_a_number_that_nothing_can_hold_is_noted(text):
    assert noted(f"a: {text}") == [("bad-number", "/a", 1, 4)]


def test_block_text_stays_text():
    assert read_yaml("a: |\n  12\n").value == {"a": "12\n"}


def test_an_alias_is_noted_and_never_followed():
    document = read_yaml("a: &x [1]\nb:\n  - *x\n")

    assert document.value == {"a": [1], "b": ["*x"]}
    assert [(p.code, p.pointer, p.line) for p in document.problems] == [("yaml-alias", "/b/0", 3)]


def test_an_alias_as_key_is_noted():
    assert noted("a: &x t\n*x : 1") == [("yaml-alias", "", 2, 1)]


@pytest.mark.parametrize("text", ["a: !!str 1", "a: ! x", "a: !!python/name:os.system [1]"])
def test_a_tag_is_noted(text):
    assert noted(text) == [("yaml-tag", "/a", 1, 4)]


def test_a_duplicate_key_is_noted_at_its_second_place():
    assert noted("a:\n  b: 1\n  b: 2\n") == [("duplicate-key", "/a/b", 3, 3)]


@pytest.mark.parametrize("key", ["1", "true", "~"])
def test_a_key_that_is_no_text_is_noted(key):
    assert noted(f"{key}: x") == [("key-not-text", "", 1, 1)]


def test_a_list_as_key_ends_the_reading():
    assert refused("? [a]\n: 1") == ("key-not-text", "", 1, 3)


def test_a_second_document_ends_the_reading():
    assert refused("a: 1\n---\nb: 2\n") == ("several-documents", "", 2, 1)


def test_a_syntax_error_has_its_place():
    assert refused("a: 1\nb: [1, 2\nc: 3\n")[0] == "yaml-syntax"
    assert refused("a:\n\tb: 1")[2:] == (2, 1)


def test_a_character_that_the_parser_refuses_is_a_syntax_error():
    assert refused("a: \x07") == ("yaml-syntax", "", 1, 1)


def test_nul_inside_text_is_noted():
    assert noted('a: "x\\0"') == [("bad-character", "/a", 1, 4)]


def test_sixty_four_levels_are_read_and_no_more():
    deepest = "a: " + "[" * 63 + "]" * 63

    assert read_yaml(deepest).value
    assert refused("a: " + "[" * 64 + "]" * 64)[0] == "too-deep"


def test_too_many_problems_end_the_reading():
    assert refused("k: 1\n" * 600)[0] == "too-many-problems"


def test_every_part_knows_its_place():
    document = read_yaml("id: x\nschema:\n  - name: a\n    tags: [p, q]\n")

    assert document.place("") == (1, 1)
    assert document.place("/id") == (1, 5)
    assert document.place("/id", key=True) == (1, 1)
    assert document.place("/schema") == (2, 1)
    assert document.place("/schema/0") == (3, 5)
    assert document.place("/schema/0/tags/1") == (4, 15)
    assert document.place("/schema/0/missing") == (3, 5)
    assert document.place("/schema/7/name") == (2, 1)
    assert document.place("/schema/x") == (2, 1)
