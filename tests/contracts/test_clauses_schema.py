import pytest

from contracts.clause import Clause, Kind
from contracts.values import Dimension, EngineName, Severity
from tests.contracts.documents import clauses_of, custom, document, with_column

COLUMN = "/schema/orders/properties/amount"
NOT_YET = "not supported yet"


def column(**members) -> dict[str, Clause]:
    found = clauses_of(with_column(**members))
    return {k.removeprefix(f"{COLUMN}/"): c for k, c in found.items() if k.startswith(COLUMN)}


def orders(*columns, **members) -> dict[str, Clause]:
    found = clauses_of(document(schema=[{"name": "orders", "properties": columns, **members}]))
    return {k.removeprefix("/schema/orders/"): c for k, c in found.items()}


def test_a_clause_says_what_it_is_about():
    data = with_column(
        physicalName="AMT", logicalType="integer", logicalTypeOptions={"minimum": 0}, tags=["pii"]
    )

    clause = clauses_of(data)[f"{COLUMN}/minimum"]

    assert clause == Clause(
        key=f"{COLUMN}/minimum",
        pointer="/schema/0/properties/0/logicalTypeOptions/minimum",
        kind=Kind.MINIMUM,
        schema="orders",
        column="AMT",
        engine=EngineName.PANDERA,
        arguments={"value": 0},
        threshold="at least 0",
        severity=Severity.HIGH,
        dimension=Dimension.CONFORMITY,
        sensitive=True,
        sensitive_columns=("AMT",),
    )
    assert clause.blocking


@pytest.mark.parametrize(
    "logical_type", ["string", "integer", "number", "boolean", "date", "timestamp", "time"]
)
def test_promises_on_scalar_columns_are_judged(logical_type):
    found = column(
        logicalType=logical_type, required=True, unique=True, enum=[{"value": "a"}, {"value": "b"}]
    )

    assert {key: clause.skipped for key, clause in found.items()} == dict.fromkeys(
        ("column_present", "type", "enum", "required", "unique"), ""
    )
    assert found["type"].arguments == {"logical_type": logical_type}
    assert found["enum"].arguments == {"values": ["a", "b"]}
    assert found["enum"].threshold == "one of a, b"
    assert found["required"].dimension is Dimension.COMPLETENESS
    assert found["unique"].dimension is Dimension.UNIQUENESS


def test_a_column_without_a_type_is_judged_on_what_it_does_promise():
    assert {key: c.skipped for key, c in column(required=True, physicalType="INT").items()} == {
        "column_present": "",
        "required": "",
        "physical_type": NOT_YET,
    }


@pytest.mark.parametrize(
    ("logical_type", "options", "judged"),
    [
        ("integer", {"minimum": 0, "maximum": 9}, {"minimum", "maximum"}),
        (
            "number",
            {"minimum": 0.5, "exclusiveMinimum": 0},
            {"minimum", "exclusiveMinimum"},
        ),
        ("date", {"minimum": "2024-01-01"}, {"minimum"}),
        ("date", {"minimum": "01.01.2024", "format": "dd.MM.yyyy"}, set()),
        ("timestamp", {"maximum": "2024-01-01T00:00:00Z", "timezone": True}, {"maximum"}),
        ("time", {"maximum": "12:00:00"}, set()),
        (
            "string",
            {"minLength": 1, "maxLength": 2, "pattern": "a", "format": "uuid"},
            {"minLength", "maxLength", "pattern"},
        ),
        ("integer", {"multipleOf": 5, "exclusiveMaximum": 9}, {"exclusiveMaximum"}),
        ("array", {"minItems": 1, "maxItems": 2, "uniqueItems": True}, set()),
        ("object", {"minProperties": 1, "maxProperties": 2, "required": ["a", "b"]}, set()),
        ("vector", {"dimensions": 3, "normalized": True}, set()),
    ],
)
def test_every_option_is_a_clause_and_some_are_judged(logical_type, options, judged):
    found = column(logicalType=logical_type, logicalTypeOptions=options)
    of_options = {c.pointer.rsplit("/", 1)[-1]: c for c in found.values() if "value" in c.arguments}

    assert of_options.keys() == options.keys() - {"dimensions"}
    assert {name for name, clause in of_options.items() if not clause.skipped} == judged
    assert all(clause.threshold and clause.executable for clause in of_options.values())


def test_an_option_that_promises_nothing_is_no_clause():
    options = {"dimensions": 3, "normalized": False, "distanceMetric": "cosine"}

    assert column(logicalType="vector", logicalTypeOptions=options).keys() == {
        "column_present",
        "type",
    }


def test_length_and_elements_of_a_vector_are_part_of_its_type():
    options = {"dimensions": 3, "elementType": "float32"}

    clause = column(logicalType="vector", logicalTypeOptions=options)["type"]

    assert clause.arguments == {
        "logical_type": "vector",
        "dimensions": 3,
        "element_type": "float32",
    }
    assert clause.skipped == NOT_YET


def test_a_format_is_part_of_the_type_and_a_promise_of_its_own():
    found = column(logicalType="date", logicalTypeOptions={"format": "dd.MM.yyyy"})

    assert found["type"].arguments == {"logical_type": "date", "format": "dd.MM.yyyy"}
    assert found["format"].skipped == NOT_YET


def test_columns_inside_columns_have_names_and_wait():
    text = {"logicalType": "string", "required": True}
    item = {"logicalType": "object", "properties": [{"name": "sku", **text}]}
    sides = {"key": {"logicalType": "string"}, "value": item}

    found = orders(
        {"name": "tags", "logicalType": "array", "items": {**text, "unique": True}},
        {"name": "lines", "physicalName": "LINES", "logicalType": "array", "items": item},
        {"name": "attrs", "logicalType": "map", "map": sides},
        {"name": "who", "logicalType": "object", "properties": [{"name": "mail", **text}]},
    )

    inside = {k: c for k, c in found.items() if c.column and set(c.column) & set(".[")}
    assert {k: c.column for k, c in inside.items() if c.kind in {Kind.TYPE, Kind.UNIQUE}} == {
        "properties/tags/items/type": "tags[]",
        "properties/tags/items/unique": "tags[]",
        "properties/lines/items/type": "LINES[]",
        "properties/lines/items/properties/sku/type": "LINES[].sku",
        "properties/attrs/map/key/type": "attrs[key]",
        "properties/attrs/map/value/type": "attrs[value]",
        "properties/attrs/map/value/properties/sku/type": "attrs[value].sku",
        "properties/who/properties/mail/type": "who.mail",
    }
    assert {c.skipped for c in inside.values()} == {NOT_YET}
    assert "properties/tags/items/column_present" not in found
    assert "properties/lines/items/properties/sku/column_present" in found
    assert found["properties/tags/column_present"].skipped == ""
    assert found["properties/tags/type"].skipped == NOT_YET


def test_a_measure_is_no_stored_column():
    found = column(semanticType="measure", logicalType="number", required=True)

    assert {clause.skipped for clause in found.values()} == {NOT_YET}


def test_the_key_is_one_clause_of_the_object():
    found = orders(
        {"name": "b", "primaryKey": True, "primaryKeyPosition": 2, "physicalName": "B"},
        {"name": "a", "primaryKey": True, "primaryKeyPosition": 1},
    )

    clause = found["primary_key"]
    assert (clause.kind, clause.column, clause.skipped) == (Kind.PRIMARY_KEY, None, "")
    assert clause.arguments == {"columns": ["a", "B"]}
    assert clause.dimension is Dimension.UNIQUENESS
    assert {c.key_columns for c in found.values()} == {("a", "B")}
    assert "properties/a/required" not in found


def test_a_key_of_one_column_is_about_that_column():
    assert orders({"name": "a", "primaryKey": True})["primary_key"].column == "a"


def test_a_key_inside_a_column_is_a_clause_of_its_own():
    inner = {"name": "x", "logicalType": "string", "primaryKey": True}

    found = orders({"name": "o", "logicalType": "object", "properties": [inner]})

    assert found["properties/o/properties/x/primary_key"].arguments == {"columns": ["o.x"]}


def test_extra_columns_are_a_promise_when_they_fail():
    found = orders({"name": "a"}, customProperties=custom(assayExtraColumns="fail"))

    assert found["extra_columns"].arguments == {"columns": ["a"]}
    assert "extra_columns" not in orders({"name": "a"})


def test_relationships_that_lead_nowhere_are_clauses_that_say_so():
    found = orders(
        {"name": "a", "relationships": [{"to": "lines.id"}]},
        relationships=[{"from": ["orders.a", "orders.b"], "to": ["x.a", "x.b"]}],
    )

    one, many = (c for c in found.values() if c.kind is Kind.RELATIONSHIP)
    assert (many.key, many.column) == (
        "/schema/orders/properties/a/relationships/lines.id",
        "a",
    )
    assert (one.key, one.column) == (
        "/schema/orders/relationships/orders.a,orders.b->x.a,x.b",
        None,
    )
    assert (one.threshold, many.threshold) == ("found in x.a,x.b", "found in lines.id")
    assert (one.skipped, many.skipped) == (
        "x.a is not in this contract",
        "lines.id is not in this contract",
    )
    assert many.arguments == {"to": "lines.id"}
    assert many.dimension is Dimension.CONSISTENCY


def linked(*columns, **members) -> Clause:
    """The one relationship of an object ``orders`` beside an object ``people``."""
    people = {
        "name": "people",
        "id": "p",
        "physicalName": "PEOPLE",
        "properties": [
            {"name": "id", "physicalName": "ID", "id": "p_id"},
            {"name": "land"},
            {"name": "tags", "logicalType": "array"},
        ],
    }
    own = {"name": "orders", "properties": columns, **members}
    found = clauses_of(document(schema=[own, people])).values()
    return next(clause for clause in found if clause.kind is Kind.RELATIONSHIP)


@pytest.mark.parametrize(
    "reference", ["people.id", "/schema/p/properties/p_id", "schema/people/properties/id"]
)
def test_a_relationship_is_judged_by_the_physical_names_of_both_ends(reference):
    who = {"name": "who", "physicalName": "WHO", "relationships": [{"to": reference}]}

    clause = linked(who)

    assert (clause.skipped, clause.column) == ("", "WHO")
    assert clause.arguments == {
        "to": reference,
        "columns": ["WHO"],
        "to_schema": "PEOPLE",
        "to_columns": ["ID"],
    }


def test_a_relationship_of_an_object_may_have_several_columns():
    entry = {"from": ["orders.who", "orders.land"], "to": ["people.id", "people.land"]}

    clause = linked({"name": "who"}, {"name": "land"}, relationships=[entry])

    assert (clause.skipped, clause.column) == ("", None)
    assert clause.arguments["columns"] == ["who", "land"]
    assert clause.arguments["to_columns"] == ["ID", "land"]


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (
            {"from": "orders.who", "to": "people.name"},
            "people has no column 'name'; its columns: id",
        ),
        ({"from": "orders.gone", "to": "people.id"}, "its own end is not in orders"),
        ({"from": "people.id", "to": "people.id"}, "its own end is not in orders"),
        ({"from": ["orders.who"], "to": ["people.id", "people.land"]}, "its ends do not fit"),
        ({"from": ["orders.who", "orders.who"], "to": ["people.id", "orders.who"]}, "one of its"),
        ({"from": "orders.who", "to": "other.yaml#/schema/a/properties/b"}, "another contract"),
        ({"from": "orders.who", "to": "people.tags"}, NOT_YET),
    ],
)
def test_a_relationship_that_cannot_be_judged_says_why(entry, why):
    clause = linked({"name": "who"}, relationships=[entry])

    assert clause.skipped.startswith(why)


def test_a_relationship_of_a_sensitive_column_is_sensitive():
    entry = {"from": "orders.mail", "to": "people.id"}

    clause = linked({"name": "mail", "classification": "restricted"}, relationships=[entry])

    assert clause.sensitive


def test_a_column_with_a_secret_inside_is_sensitive_as_a_whole():
    inner = {"name": "mail", "logicalType": "string", "classification": "restricted"}

    found = orders({"name": "who", "logicalType": "object", "properties": [inner]}, {"name": "b"})

    assert {c.sensitive_columns for c in found.values()} == {("who",)}
