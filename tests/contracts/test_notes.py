import pytest

from contracts.notes import Notes, guess
from contracts.problems import Level
from contracts.yaml_text import read_yaml


def test_problems_come_in_the_order_of_the_text():
    notes = Notes(read_yaml("a: 1\nb: 2\nc: 3"))

    notes.error("late", "/c", "x")
    notes.warn("early", "/a", "x")
    notes.error("key", "/b", "x", at_key=True)

    assert [(p.code, p.line, p.column, p.severity) for p in notes.sorted()] == [
        ("early", 1, 4, Level.WARNING),
        ("key", 2, 1, Level.ERROR),
        ("late", 3, 4, Level.ERROR),
    ]


def test_the_same_finding_is_told_once():
    notes = Notes(read_yaml("a: 1"))

    notes.error("code", "/a", "one")
    notes.error("code", "/a", "two")

    assert [p.message for p in notes.sorted()] == ["one"]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("propertie", " (did you mean 'properties'?)"),
        ("QUALITY", " (did you mean 'quality'?)"),
        ("zzz", ""),
        ("properties" * 10, ""),
    ],
)
def test_a_close_word_is_offered(word, said):
    assert guess(word, ["properties", "quality"]) == said
