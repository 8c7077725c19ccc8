from hypothesis import given

from contracts.nodes import Node
from contracts.tree import Plain
from tests.contracts.documents import PLAIN_JSON, QUICK


def test_what_is_there_is_read_with_its_pointer():
    node = Node({"a/b": [{"c": "x"}, 5, {"c": 7}]})["a/b"]

    assert [item["c"].value for item in node.items()] == ["x", 7]
    assert node.items()[1]["c"].pointer == "/a~1b/2/c"


def test_true_is_no_number():
    assert Node(value=True).number() is None
    assert Node(2.5).number() == 2.5


def test_custom_properties_are_found_by_name():
    entries: list[Plain] = [{"property": "a", "value": 1}, {"value": 2}]
    node = Node({"customProperties": entries})

    found = node.custom()

    assert {name: (value.value, value.pointer) for name, value in found.items()} == {
        "a": (1, "/customProperties/0/value")
    }


@given(value=PLAIN_JSON)
@QUICK
def test_any_value_answers_every_question(value):
    node = Node(value)

    assert node["a"]["b"].value is None or isinstance(value, dict)
    assert isinstance(node.items(), list)
    assert isinstance(node.texts(), tuple)
    assert isinstance(node.mapping(), dict)
    assert node.text() is None or node.text() == value
    assert node.flag() == (value is True)
    assert isinstance(node.custom(), dict)
    assert ("a" in node) == (isinstance(value, dict) and "a" in value)
