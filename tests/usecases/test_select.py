import pytest

from checks.selection import Part, RowFilter
from contracts.clauses import clauses
from contracts.document import load
from contracts.parse import parse
from contracts.tags import tags_at
from contracts.values import Dimension
from usecases.errors import Conflict, NotFound
from usecases.select import Wanted, select

BODY = b"""
apiVersion: v3.1.0
kind: DataContract
id: shop
version: 1.0.0
status: active
tags: [all]
servers: [{server: here, type: local, path: "{model}.csv", format: csv}]
schema:
  - name: orders
    physicalName: raw_orders
    properties:
      - {name: id, logicalType: integer, required: true, tags: [key]}
      - {name: mail, logicalType: string, classification: restricted}
    quality:
      - {id: enough, metric: rowCount, mustBeGreaterThan: 1}
  - name: people
    properties:
      - {name: phone, logicalType: string, tags: [pii]}
"""
CONTRACT = parse(BODY)
ONE = parse(BODY[: BODY.index(b"  - name: people")])
DOCUMENT = load(BODY)


def chosen(contract=CONTRACT, /, **wanted):
    return select(
        contract, clauses(contract), Wanted(**wanted), lambda pointer: tags_at(DOCUMENT, pointer)
    )


def test_words_of_the_contract_become_those_of_the_plan():
    found = chosen(
        schemas=("orders", "people"),
        part=Part.QUALITY,
        dimensions=("Coverage",),
        rules=("enough",),
        metadata_only=True,
    )

    assert found.schemas == {"raw_orders", "people"}
    assert (found.part, found.metadata_only) == (Part.QUALITY, True)
    assert found.dimensions == {Dimension.COVERAGE}
    assert found.rules == {"enough"}


def test_a_tag_takes_the_clauses_that_bear_it():
    found = chosen(tags=("key",))

    assert found.tags == {
        "key": {
            f"/schema/orders/properties/id/{kind}"
            for kind in ("column_present", "required", "type")
        }
    }


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (
            {"schemas": ("order",)},
            "there is no schema 'order' (did you mean 'orders'?); known: orders, people",
        ),
        (
            {"dimensions": ("speed",)},
            (
                "there is no dimension 'speed'; known: accuracy, completeness, conformity, "
                "consistency, coverage, timeliness, uniqueness"
            ),
        ),
        (
            {"tags": ("kye",)},
            "there is no tag 'kye'; known: all, key, pii",
        ),
        (
            {"where": ("pepole:id = 1",)},
            "there is no schema 'pepole' (did you mean 'people'?); known: orders, people",
        ),
    ],
)
def test_an_unknown_word_is_told_with_the_known_ones(wanted, message):
    with pytest.raises(NotFound) as caught:
        chosen(**wanted)

    assert str(caught.value) == message


def test_of_many_rules_ids_are_listed_first():
    with pytest.raises(NotFound) as caught:
        chosen(rules=("enogh",))

    assert str(caught.value).startswith(
        "there is no rule 'enogh' (did you mean 'enough'?); known: enough, /schema/orders/"
    )


@pytest.mark.parametrize(
    ("contract", "stated", "schema", "expression"),
    [
        (ONE, "id > 1", "raw_orders", "id > 1"),
        (ONE, "id::text = 'a:b'", "raw_orders", "id::text = 'a:b'"),
        (CONTRACT, "orders:id > 1", "raw_orders", "id > 1"),
        (CONTRACT, " raw_orders: id::text = '1'", "raw_orders", "id::text = '1'"),
        (CONTRACT, "people:phone = 'orders:x'", "people", "phone = 'orders:x'"),
    ],
)
def test_a_filter_names_its_object_unless_there_is_one(contract, stated, schema, expression):
    (found,) = chosen(contract, where=(stated,)).filters

    assert (found.schema, found.expression) == (schema, expression)


@pytest.mark.parametrize("stated", ["id > 1", "id::text = '1'", "at > '10:00'"])
def test_of_several_objects_a_filter_without_a_name_is_refused(stated):
    with pytest.raises(Conflict) as caught:
        chosen(where=(stated,))

    assert str(caught.value) == (
        f"the filter {stated!r} must say which object it is about, as in "
        f"'orders:{stated}'; there are orders, people"
    )


def test_a_filter_knows_what_it_may_touch_and_nobody_may_see():
    own, other = chosen(
        where=("orders:Mail <> ''", "orders:id IN (SELECT 1 FROM people WHERE phone = '')")
    ).filters

    assert own == RowFilter(
        schema="raw_orders", expression="Mail <> ''", sensitive_columns=("mail",)
    )
    assert other.sensitive_columns == ("phone",)
