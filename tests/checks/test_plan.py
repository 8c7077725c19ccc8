from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from checks.plan import plan
from contracts.clause import Kind
from contracts.clauses import clauses
from contracts.model import Server
from contracts.values import EngineName
from tests.checks.build import clause, column, contract, schema

PROMISE = contract(schema("orders", column("id")), schema("items", column("id")))


def test_clauses_go_to_their_engine_by_object():
    asked = [
        clause(Kind.REQUIRED, "id"),
        clause(Kind.ROW_COUNT),
        clause(Kind.UNIQUE, "id", schema="items"),
    ]

    found = plan(PROMISE, asked)

    assert found.engines == {
        EngineName.PANDERA: {"orders": (asked[0],), "items": (asked[2],)},
        EngineName.GREAT_EXPECTATIONS: {"orders": (asked[1],)},
    }
    assert found.schemas == ("orders", "items")
    assert found.skipped == {}


def test_an_engine_without_a_clause_is_not_in_the_plan():
    found = plan(PROMISE, [clause(Kind.REQUIRED, "id")])

    assert set(found.engines) == {EngineName.PANDERA}
    assert found.clauses(EngineName.GREAT_EXPECTATIONS) == ()


def test_a_reason_of_the_contract_is_kept():
    text = replace(clause(Kind.TEXT), engine=None, skipped="not executable")

    assert plan(PROMISE, [text]).skipped == {text.key: "not executable"}


def test_a_physical_type_of_what_lies_in_files_is_told_to_be_out_of_reach_of_any_run():
    served = replace(
        contract(schema("orders", column("id", physical_type="INT"))),
        servers=(Server(pointer="/servers/0", name="f", type="local", path="o.csv"),),
    )
    key = "/schema/orders/properties/id/physical_type"

    promised = clauses(served)

    assert plan(served, promised).skipped == {
        key: "not executable: a physical type is judged in databases, not in files"
    }
    assert [each.key for each in promised if not each.executable] == [key]


def test_what_is_not_judged_says_why():
    asked = [
        clause(Kind.FRESHNESS),
        replace(clause(Kind.TEXT), engine=None),
        clause(Kind.REQUIRED, "a.b"),
        clause(Kind.ROW_COUNT, schema="gone"),
        clause(Kind.TYPE, "id", logical_type="vector"),
    ]

    reasons = list(plan(PROMISE, asked).skipped.values())

    assert reasons == [
        "not supported yet",
        "not supported yet",
        "nested columns are not supported yet",
        "the contract has no object 'gone'",
        "the type vector is not supported yet",
    ]


CLAUSES = st.builds(
    lambda kind, name, engine, number: replace(
        clause(kind, name, key=f"/{number}", logical_type="string"), engine=engine
    ),
    st.sampled_from(Kind),
    st.sampled_from([None, "id", "other"]),
    st.sampled_from([None, *EngineName]),
    st.integers(),
)


@given(st.lists(CLAUSES, unique_by=lambda each: each.key))
def test_every_clause_is_planned_or_skipped_and_never_both(clauses):
    found = plan(PROMISE, clauses)

    planned = [each.key for engine in EngineName for each in found.clauses(engine)]
    assert sorted([*planned, *found.skipped]) == sorted(each.key for each in clauses)
    assert all(found.skipped.values())
