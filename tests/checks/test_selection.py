from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.execute import execute
from checks.plan import plan
from checks.selection import EVERYTHING, NOT_SELECTED, Part, Selection, names, part
from contracts.clause import Kind
from contracts.values import Dimension
from tests.checks.build import LIMITS, Clock, by_key, clause, column, contract, csv, parquet, schema
from tests.checks.engines.overheard import about_data, overhear

PROMISE = contract(schema("orders", column("id")), schema("items", column("id")))
REQUIRED = replace(
    clause(Kind.REQUIRED, "id", key="/schema/orders/properties/id/required"),
    pointer="/schema/0/properties/0/required",
    dimension=Dimension.COMPLETENESS,
)
PRESENT = replace(
    clause(Kind.COLUMN_PRESENT, "id", key="/schema/orders/properties/id/column_present"),
    pointer="/schema/0/properties/0",
    dimension=Dimension.CONFORMITY,
)
RULE = replace(
    clause(Kind.ROW_COUNT, schema="items", key="/schema/items/quality/a~1b/2"),
    pointer="/schema/1/quality/0",
    dimension=Dimension.COVERAGE,
)
LINK = replace(
    clause(Kind.RELATIONSHIP, "id", key="/schema/orders/properties/id/relationships/home"),
    pointer="/schema/0/properties/0/relationships/0",
    dimension=Dimension.CONSISTENCY,
)
FRESH = replace(
    clause(Kind.FRESHNESS, key="/slaProperties/freshness/orders.at"),
    pointer="/slaProperties/0",
    schema=None,
    dimension=Dimension.TIMELINESS,
)
ALL = [REQUIRED, PRESENT, RULE, LINK, FRESH]


@pytest.mark.parametrize(
    ("selection", "taken"),
    [
        (EVERYTHING, ALL),
        (Selection(schemas=frozenset({"items"})), [RULE]),
        (Selection(part=Part.SCHEMA), [REQUIRED, PRESENT, LINK]),
        (Selection(part=Part.QUALITY), [RULE]),
        (Selection(part=Part.SLA), [FRESH]),
        (
            Selection(dimensions=frozenset({Dimension.COVERAGE, Dimension.COMPLETENESS})),
            [REQUIRED, RULE],
        ),
        (Selection(rules=frozenset({"a/b"})), [RULE]),
        (Selection(rules=frozenset({"home", "freshness/orders.at"})), [LINK, FRESH]),
        (Selection(rules=frozenset({REQUIRED.key})), [REQUIRED]),
        (Selection(tags={"x": frozenset({RULE.key}), "y": frozenset({LINK.key})}), [RULE, LINK]),
        (Selection(metadata_only=True), [PRESENT]),
        (Selection(part=Part.SCHEMA, rules=frozenset({"a/b"})), []),
    ],
)
def test_a_clause_is_taken_when_it_fits_all_that_is_asked(selection, taken):
    found = [each for each in ALL if selection.takes(each)]

    assert found == taken


def test_a_column_may_be_called_like_a_part_of_the_standard():
    odd = replace(
        clause(Kind.REQUIRED, "quality", key="/schema/orders/properties/quality/required"),
        pointer="/schema/0/properties/1/required",
    )

    assert part(odd) is Part.SCHEMA
    assert list(names(odd)) == [odd.key]


@given(
    st.sets(st.sampled_from(["orders", "items"])),
    st.one_of(st.none(), st.sampled_from(Part)),
    st.sets(st.sampled_from(Dimension)),
    st.booleans(),
)
def test_what_is_left_out_is_skipped_and_counted_as_such(schemas, stands, dimensions, metadata):
    selection = Selection(
        schemas=frozenset(schemas),
        part=stands,
        dimensions=frozenset(dimensions),
        metadata_only=metadata,
    )

    found = plan(PROMISE, ALL, selection)

    left_out = [key for key, reason in found.skipped.items() if reason == NOT_SELECTED]
    assert left_out == [each.key for each in ALL if not selection.takes(each)]


METADATA = [
    clause(Kind.OBJECT_PRESENT),
    clause(Kind.COLUMN_PRESENT, "id"),
    clause(Kind.TYPE, "id", logical_type="integer"),
    clause(Kind.REQUIRED, "id"),
]


def judged(location):
    report = execute(
        contract(schema("orders", column("id", "integer"))),
        METADATA,
        location,
        limits=LIMITS,
        clock=Clock(),
        selection=Selection(metadata_only=True),
    )
    return [(each.outcome.value, each.reason) for each in by_key(report).values()]


def test_metadata_is_judged_without_reading_a_row(tmp_path, monkeypatch):
    statements = overhear(monkeypatch)

    told = judged(parquet(tmp_path, "SELECT 1 AS id"))

    assert told == [("passed", "")] * 3 + [("skipped", "not selected")]
    assert about_data(statements) == []


def test_the_type_of_texts_is_not_told_without_reading_them(tmp_path, monkeypatch):
    statements = overhear(monkeypatch)

    told = judged(csv(tmp_path, "id\n1\n"))

    assert told == [
        ("passed", ""),
        ("passed", ""),
        ("skipped", "needs a scan: its type is that of texts"),
        ("skipped", "not selected"),
    ]
    assert about_data(statements) == []
