import json
import time
from typing import Any

import pytest
from jsonschema import Draft201909Validator

from contracts.parse import examine
from contracts.standard import findings, mend, shipped
from tests.contracts.documents import document, with_column

MINIMAL: dict[str, Any] = {
    "apiVersion": "v3.2.0",
    "kind": "DataContract",
    "id": "x",
    "version": "1",
}
UNTYPED: dict[str, Any] = {**MINIMAL, "schema": [{"name": "t", "properties": [{"name": "c"}]}]}


def said(**members) -> list[tuple[str, str, str]]:
    return [(f.code, f.pointer, f.message) for f in findings({**MINIMAL, **members})]


def column(**members) -> list[tuple[str, str, str]]:
    return said(schema=[{"name": "t", "properties": [{"name": "c", **members}]}])


def nested(levels: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"logicalType": "string"}
    for _ in range(levels):
        inner = {"logicalType": "array", "items": inner}
    return inner


def test_the_shipped_schema_asks_an_untyped_column_for_map_and_the_mended_one_does_not():
    before = Draft201909Validator(shipped())
    after = Draft201909Validator(mend(shipped()))

    assert "'map' is a required property" in [e.message for e in before.iter_errors(UNTYPED)]
    assert list(after.iter_errors(UNTYPED)) == []
    assert findings(UNTYPED) == []


def test_a_map_still_needs_its_sides():
    assert column(logicalType="map") == [("missing-key", "/schema/0/properties/0", "needs 'map'")]


def test_options_without_a_type_say_so():
    assert column(logicalTypeOptions={"minLength": 1}, requird=True) == [
        (
            "missing-key",
            "/schema/0/properties/0",
            "logicalTypeOptions needs a logicalType beside it",
        ),
        (
            "unknown-key",
            "/schema/0/properties/0/requird",
            "'requird' is not a key of this place (did you mean 'required'?)",
        ),
    ]


@pytest.mark.parametrize(
    ("options", "logical_type"),
    [
        ({"minLength": 1, "maxLength": 2, "pattern": "a", "format": "email"}, "string"),
        ({"minimum": "2020-01-01", "format": "yyyy-MM-dd"}, "date"),
        ({"timezone": True, "defaultTimezone": "Etc/UTC"}, "timestamp"),
        ({"maximum": "12:00:00"}, "time"),
        ({"minimum": 1, "multipleOf": 2}, "integer"),
        ({"exclusiveMaximum": 1.5}, "number"),
        ({"minItems": 1, "uniqueItems": True}, "array"),
        ({"minProperties": 1, "required": ["a"]}, "object"),
        ({"dimensions": 3, "elementType": "float32"}, "vector"),
    ],
)
def test_each_type_has_its_options_and_no_others(options, logical_type):
    wrong = {**options, "colour": "red"}

    assert column(logicalType=logical_type, logicalTypeOptions=options) == []
    assert [f[:2] for f in column(logicalType=logical_type, logicalTypeOptions=wrong)] == [
        ("unknown-key", "/schema/0/properties/0/logicalTypeOptions/colour")
    ]


def test_columns_inside_columns_are_judged():
    inside = {"logicalType": "object", "properties": [{"name": "x", "logicalType": "strng"}]}
    sides = {"key": {"logicalType": "string"}, "value": {"requied": True, **inside}}

    found = column(logicalType="map", map=sides)

    assert [f[:2] for f in found] == [
        ("unknown-key", "/schema/0/properties/0/map/value/requied"),
        ("unknown-value", "/schema/0/properties/0/map/value/properties/0/logicalType"),
    ]


def test_a_fault_does_not_make_its_neighbours_unknown():
    rule = {"metric": "rowCount", "mustBe": 0, "mustBeGreaterThan": 1}

    found = said(schema=[{"name": "t", "quality": [rule]}])

    assert found == [
        (
            "several-forms",
            "/schema/0/quality/0",
            "only one of these may stand here: mustBe, mustBeGreaterThan",
        )
    ]


def test_a_server_has_the_keys_of_its_type():
    local = {"server": "s", "type": "local", "path": "x", "format": "csv"}

    assert said(servers=[local]) == []
    assert [f[:2] for f in said(servers=[{**local, "topic": "t"}])] == [
        ("unknown-key", "/servers/0/topic")
    ]


def test_nesting_costs_in_proportion():
    before = time.process_time()

    assert column(**nested(55)) == []

    assert time.process_time() - before < 1


def test_many_allowed_values_cost_in_proportion():
    values = [{"value": number} for number in range(15_000)]
    before = time.process_time()

    assert column(enum=[*values, {"value": 3}])[0][:2] == (
        "duplicate-item",
        "/schema/0/properties/0/enum/15000",
    )
    assert time.process_time() - before < 4


def test_findings_are_capped():
    assert len(said(**{f"key{number}": 1 for number in range(2000)})) == 500


@pytest.mark.parametrize("value", [None, 5, [], "x"])
def test_a_document_of_another_type_is_no_contract(value):
    assert findings(value)[0].code == "wrong-type"


@pytest.mark.parametrize(
    "schema",
    [5, [5], [{"name": "t", "properties": 5}], {"name": "t"}, [{"name": "t", "properties": [5]}]],
)
def test_a_schema_of_another_type_is_found(schema):
    assert said(schema=schema)[0][0] == "wrong-type"


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"servers": [5]}, "/servers/0"),
        ({"schema": [{"name": "t", "quality": [5]}]}, "/schema/0/quality/0"),
        ({"schema": [{"name": "t", "relationships": [5]}]}, "/schema/0/relationships/0"),
    ],
)
def test_an_entry_of_another_type_is_told_once(members, pointer):
    assert said(**members) == [("wrong-type", pointer, "must be a mapping, not the number 5")]


def test_five_hundred_columns_take_well_under_a_second():
    rule = {"metric": "nullValues", "mustBe": 0}
    options = {"minimum": 0, "maximum": 9}
    columns = [
        {
            "name": f"c{n}",
            "logicalType": "integer",
            "logicalTypeOptions": options,
            "quality": [rule],
        }
        for n in range(500)
    ]
    data = document(schema=[{"name": "t", "properties": columns}])
    examine(with_column())
    before = time.process_time()

    contract, _ = examine(data)

    assert contract is not None
    assert time.process_time() - before < 2
    assert len(json.dumps(columns)) < len(data)
