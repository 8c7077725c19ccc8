import pytest

from contracts.parse import parse
from tests.contracts.documents import custom, document, problems, with_column

COLUMN = "/schema/0/properties/0"


def columns(*entries) -> bytes:
    return document(schema=[{"name": "orders", "properties": list(entries)}])


def test_a_column_keeps_what_the_document_says():
    data = with_column(
        physicalName="AMT",
        logicalType="integer",
        physicalType="INT",
        logicalTypeOptions={"minimum": 0},
        description="d",
        required=True,
        unique=True,
        classification="public",
        enum=[{"value": 1}, {"value": 2}],
        relationships=[{"to": "a.b"}],
    )

    column = parse(data).schemas[0].columns[0]

    assert (column.name, column.physical_name, column.pointer) == ("amount", "AMT", COLUMN)
    assert (column.logical_type, column.physical_type) == ("integer", "INT")
    assert (column.options, column.enum) == ({"minimum": 0}, (1, 2))
    assert (column.required, column.unique, column.sensitive) == (True, True, False)
    assert column.relationships == ({"to": "a.b"},)


def test_columns_inside_columns_are_kept():
    inner = {"name": "x", "logicalType": "string"}
    item = {"logicalType": "object", "properties": [inner]}
    sides = {"key": {"logicalType": "string"}, "value": {"logicalType": "integer"}}

    schema = parse(
        columns(
            {"name": "list", "logicalType": "array", "items": item},
            {"name": "dict", "logicalType": "map", "map": sides},
        )
    ).schemas[0]

    assert schema.columns[0].items is not None
    assert schema.columns[0].items.columns[0].pointer == f"{COLUMN}/items/properties/0"
    assert schema.columns[1].key is not None
    assert schema.columns[1].value is not None
    assert schema.columns[1].value.logical_type == "integer"


def test_sensitivity_reaches_what_is_inside():
    inner = {"name": "x", "logicalType": "string", "classification": "public"}
    outer = {"name": "o", "logicalType": "object", "tags": ["pii"], "properties": [inner]}

    column = parse(columns(outer)).schemas[0].columns[0]

    assert column.columns[0].sensitive


def test_the_key_is_in_the_order_of_its_places():
    schema = parse(
        columns(
            {"name": "last", "primaryKey": True},
            {"name": "second", "primaryKey": True, "primaryKeyPosition": 7},
            {"name": "none", "primaryKeyPosition": 1},
            {"name": "first", "primaryKey": True, "primaryKeyPosition": 2},
        )
    ).schemas[0]

    assert [c.name for c in schema.key] == ["first", "second", "last"]
    assert [c.primary_key_position for c in schema.columns] == [3, 2, None, 1]


@pytest.mark.parametrize(
    ("first", "second", "pointer"),
    [
        ({"name": "a"}, {"name": "a", "physicalName": "b"}, "/schema/0/properties/1/name"),
        (
            {"name": "a", "physicalName": "p"},
            {"name": "b", "physicalName": "p"},
            "/schema/0/properties/1/physicalName",
        ),
        ({"name": "a", "physicalName": "b"}, {"name": "b"}, "/schema/0/properties/1/name"),
    ],
)
def test_two_columns_share_no_name(first, second, pointer):
    assert problems(columns(first, second)) == [("duplicate-name", pointer)]


def test_two_objects_share_no_name():
    data = document(schema=[{"name": "a"}, {"name": "b", "physicalName": "a"}])

    assert problems(data) == [("duplicate-name", "/schema/1/physicalName")]


@pytest.mark.parametrize("name", ["", " ", "x" * 1025])
def test_a_name_is_visible_and_not_endless(name):
    assert problems(columns({"name": name})) == [("bad-name", f"{COLUMN}/name")]


def test_a_required_column_allows_no_null():
    data = with_column(required=True, enum=[{"value": "a"}, {"value": None}])

    assert problems(data) == [("null-in-enum", f"{COLUMN}/enum/1/value")]


def test_an_optional_column_may_list_null():
    assert problems(with_column(enum=[{"value": "a"}, {"value": None}])) == []


def test_a_value_is_allowed_once_whatever_its_label():
    data = with_column(enum=[{"value": 1, "label": "a"}, {"value": 1, "label": "b"}])

    assert problems(data) == [("duplicate-item", f"{COLUMN}/enum/1/value")]


def test_one_and_true_and_the_text_one_are_three_values():
    data = with_column(enum=[{"value": 1}, {"value": True}, {"value": "1"}])

    assert problems(data) == []


@pytest.mark.parametrize(
    ("low", "high"), [("minimum", "maximum"), ("exclusiveMinimum", "exclusiveMaximum")]
)
def test_a_range_that_holds_nothing_is_refused(low, high):
    data = with_column(logicalType="integer", logicalTypeOptions={low: 5, high: 4})

    assert problems(data) == [("empty-range", f"{COLUMN}/logicalTypeOptions/{high}")]


@pytest.mark.parametrize(
    ("logical_type", "bound", "fine"),
    [
        ("date", "2024-02-29", True),
        ("date", "2023-02-29", False),
        ("date", "29.02.2024", False),
        ("timestamp", "2024-02-29T10:00:00Z", True),
        ("timestamp", "noon", False),
        ("time", "10:00", True),
        ("time", "25:00", False),
    ],
)
def test_bounds_of_moments_are_in_the_form_of_iso_8601(logical_type, bound, fine):
    data = with_column(logicalType=logical_type, logicalTypeOptions={"minimum": bound})

    expected = [] if fine else [("bad-bound", f"{COLUMN}/logicalTypeOptions/minimum")]
    assert problems(data) == expected


def test_a_bound_in_a_stated_format_is_left_alone():
    options = {"minimum": "29.02.2024", "format": "dd.MM.yyyy"}

    assert problems(with_column(logicalType="date", logicalTypeOptions=options)) == []


def test_a_vector_has_a_length():
    assert problems(with_column(logicalType="vector")) == [("missing-key", COLUMN)]


def test_settings_of_an_object():
    schema = {
        "name": "o",
        "properties": [{"name": "a"}, {"name": "day", "physicalName": "DAY"}],
        "customProperties": custom(assayExtraColumns="fail", assayPartition="day"),
    }

    read = parse(document(schema=[schema])).schemas[0]

    assert (read.extra_columns, read.partition) == ("fail", "DAY")


def test_wrong_settings_of_an_object_are_refused():
    schema = {"name": "o", "customProperties": custom(assayExtraColumns="no", assayPartition="x")}

    assert problems(document(schema=[schema])) == [
        ("unknown-value", "/schema/0/customProperties/0/value"),
        ("unknown-value", "/schema/0/customProperties/1/value"),
    ]


def test_a_letter_that_nobody_sees_in_a_name_is_told_where_the_physical_name_may_hold_it():
    assert problems(columns({"name": "a\u200bb"})) == [("unseen-letter", f"{COLUMN}/name")]
    assert problems(columns({"name": "ab", "physicalName": "a\u200bb"})) == []
