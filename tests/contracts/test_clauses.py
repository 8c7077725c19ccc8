from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.clause import Clause, Kind
from contracts.clauses import clauses
from contracts.parse import parse
from contracts.values import Dimension
from tests.contracts.documents import QUICK, clauses_of, document

NAMES = st.sampled_from(["a", "b", "a/b", "a~b", "items", "properties", "quality", "required", "2"])
RULES = st.lists(
    st.fixed_dictionaries(
        {"metric": st.sampled_from(["nullValues", "duplicateValues"]), "mustBe": st.integers(0, 2)},
        optional={"name": NAMES},
    ),
    max_size=4,
)
COLUMNS = st.recursive(
    st.fixed_dictionaries(
        {"name": NAMES, "logicalType": st.just("string"), "required": st.booleans()},
        optional={"quality": RULES, "unique": st.booleans()},
    ),
    lambda inside: st.fixed_dictionaries(
        {
            "name": NAMES,
            "logicalType": st.just("object"),
            "properties": st.lists(inside, max_size=3, unique_by=lambda c: c["name"]),
        }
    ),
    max_leaves=6,
)
LEVELS = st.lists(
    st.fixed_dictionaries(
        {"property": st.sampled_from(["latency", "joy", "2"]), "value": st.integers(0, 3)},
        optional={"element": st.sampled_from(["a", "2", "a/2"])},
    ),
    max_size=5,
)


def test_clauses_come_in_the_order_of_the_document():
    data = document(
        schema=[
            {
                "name": "orders",
                "properties": [{"name": "a", "required": True}, {"name": "b"}],
                "quality": [{"id": "count", "metric": "rowCount", "mustBe": 1}],
            },
            {"name": "lines"},
        ],
        slaProperties=[{"property": "latency", "value": 4}],
    )

    assert list(clauses_of(data)) == [
        "/schema/orders/object_present",
        "/schema/orders/properties/a/column_present",
        "/schema/orders/properties/a/required",
        "/schema/orders/properties/b/column_present",
        "/schema/orders/quality/count",
        "/schema/lines/object_present",
        "/slaProperties/latency",
    ]


@pytest.mark.parametrize(
    ("entry", "key", "kind"),
    [
        ({"property": "latency", "id": "x"}, "/slaProperties/x", Kind.LATENCY),
        ({"property": "Retention"}, "/slaProperties/Retention", Kind.RETENTION),
        (
            {"property": "freshness", "element": "o.a/b"},
            "/slaProperties/freshness/o.a~1b",
            Kind.FRESHNESS,
        ),
    ],
)
def test_a_service_level_is_one_clause(entry, key, kind):
    clause = clauses_of(document(slaProperties=[{**entry, "value": 4, "unit": "d"}]))[key]

    assert (clause.kind, clause.skipped, clause.executable) == (kind, "not supported yet", True)
    assert (clause.threshold, clause.dimension) == ("4 d", Dimension.TIMELINESS)
    assert clause.pointer == "/slaProperties/0"
    assert clause.arguments == {
        "property": entry["property"],
        "value": 4,
        "unit": "d",
        "element": entry.get("element"),
    }


def test_an_unknown_service_level_can_never_be_judged():
    clause = clauses_of(document(slaProperties=[{"property": "joy", "value": 1}]))[
        "/slaProperties/joy"
    ]

    assert (clause.kind, clause.executable) == (Kind.SLA, False)
    assert clause.skipped == "not executable: nobody knows the property 'joy'"


def test_two_service_levels_on_one_element_are_two_clauses():
    entry = {"property": "latency", "value": 4, "element": "o.a"}

    found = clauses_of(document(slaProperties=[entry, {**entry, "value": 5}]))

    assert list(found) == ["/slaProperties/latency/o.a", "/slaProperties/latency/o.a/2"]


@given(
    columns=st.lists(COLUMNS, max_size=4, unique_by=lambda c: c["name"]), rules=RULES, levels=LEVELS
)
@QUICK
def test_no_two_clauses_share_a_key(columns: list[Any], rules: list[Any], levels: list[Any]):
    schema = {"name": "orders", "properties": columns, "quality": rules}

    found = clauses(parse(document(schema=[schema], slaProperties=levels)))

    assert len({clause.key for clause in found}) == len(found)


@given(columns=st.lists(COLUMNS, max_size=4, unique_by=lambda c: c["name"]))
@QUICK
def test_keys_do_not_depend_on_the_order_of_columns(columns: list[Any]):
    def keys(entries: list[Any]) -> set[str]:
        schema = {"name": "orders", "properties": entries}
        return {clause.key for clause in clauses(parse(document(schema=[schema])))}

    assert keys(columns) == keys(columns[::-1])


def test_what_a_rule_reads_of_another_object_is_as_sensitive_as_there():
    query = {"id": "far", "type": "sql", "query": 'SELECT max(n) FROM "Sx"', "mustBe": 0}
    other = {**query, "id": "near", "query": "SELECT 1"}
    objects = [
        {"name": "open", "properties": [{"name": "a"}], "quality": [query, other]},
        {
            "name": "secret",
            "physicalName": "Sx",
            "properties": [{"name": "n", "classification": "restricted"}],
        },
    ]

    found = clauses_of(document(schema=objects))

    assert found["/schema/open/quality/far"].sensitive_columns == ("n",)
    assert found["/schema/open/quality/near"].sensitive_columns == ()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("sales.people", "sales.people"),
        ("sales.people", '"Sales"."people"'),
        ("sales.people", "sales /* x */ . people"),
        ('odd"name', '"odd""name"'),
    ],
)
def test_an_object_is_read_however_its_name_is_quoted(name, written):
    query = {"id": "far", "type": "sql", "query": f"SELECT max(n) FROM {written}", "mustBe": 0}
    secret = {"name": "n", "classification": "restricted"}
    objects = [
        {"name": "open", "properties": [{"name": "a"}], "quality": [query]},
        {"name": "secret", "physicalName": name, "properties": [secret]},
    ]

    found = clauses_of(document(schema=objects))

    assert found["/schema/open/quality/far"].sensitive_columns == ("n",)


FILES = {"server": "f", "type": "local", "path": "o.csv", "format": "csv"}
DATABASE = {"server": "d", "type": "postgres", "host": "h", "port": 5432, "database": "d"}
DATABASE = {**DATABASE, "schema": "public"}


def physical(*servers) -> Clause:
    column = {"name": "amount", "physicalType": "INT"}
    schema = [{"name": "orders", "properties": [column]}]
    found = clauses_of(document(schema=schema, servers=list(servers) or None))
    return found["/schema/orders/properties/amount/physical_type"]


@pytest.mark.parametrize(
    "server",
    [
        FILES,
        {"server": "f", "type": "s3", "location": "s3://b/o.parquet", "format": "parquet"},
        {"server": "f", "type": "custom", "path": "o.csv"},
    ],
)
def test_a_physical_type_can_never_be_judged_in_files_and_says_so(server):
    clause = physical(server)

    assert (clause.executable, clause.engine) == (False, None)
    assert clause.skipped == (
        "not executable: a physical type is judged in databases, not in files"
    )


@pytest.mark.parametrize("servers", [[], [DATABASE], [FILES, DATABASE]])
def test_a_physical_type_that_a_database_may_keep_stays_a_promise_that_counts(servers):
    clause = physical(*servers)

    assert (clause.executable, clause.skipped) == (True, "not supported yet")
