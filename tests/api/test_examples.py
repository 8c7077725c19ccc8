from typing import Any

import pytest

from api.examples import example_of

SHAPES: dict[str, Any] = {
    "Color": {"enum": ["red", "green"], "type": "string"},
    "Node": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}},
}


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        ({"type": "integer"}, 1),
        ({"type": "string", "format": "date-time"}, "2026-11-20T06:00:21Z"),
        ({"type": "string", "examples": ["a", "b"]}, "a"),
        ({"const": "alive"}, "alive"),
        ({"$ref": "#/components/schemas/Color"}, "red"),
        ({"anyOf": [{"type": "null"}, {"type": "number"}]}, 1.0),
        ({"anyOf": [{"type": "null"}]}, None),
        ({"type": "array", "items": {"type": "boolean"}}, [True]),
        ({"type": "array"}, []),
        ({"type": "object"}, {}),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"": 1}),
        ({}, "text"),
    ],
)
def test_a_schema_gets_an_example_that_fits(schema, example):
    assert example_of(schema, SHAPES) == example


def test_members_are_told_from_one_story():
    members = {
        "key": {"type": "string"},
        "failing": {"type": "integer"},
        "evidence": {"anyOf": [{"type": "object"}, {"type": "null"}]},
        "quality": {"type": "string"},
        "outcome": {"enum": ["passed", "failed"]},
        "lost": {"type": "object", "additionalProperties": {"type": "number"}},
    }

    assert example_of({"type": "object", "properties": members}, SHAPES) == {
        "key": "sales.orders",
        "failing": 1,
        "evidence": None,
        "quality": "text",
        "outcome": "failed",
        "lost": {"/schema/orders/properties/amount/minimum": 3.6},
    }


def test_a_story_that_is_too_long_is_not_told():
    named = {"type": "object", "properties": {"purpose": {"type": "string", "maxLength": 5}}}

    assert example_of(named, SHAPES) == {"purpose": "text"}


def test_a_shape_that_holds_itself_ends():
    assert "next" in str(example_of({"$ref": "#/components/schemas/Node"}, SHAPES))
