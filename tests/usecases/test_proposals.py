"""Which promises a profile suggests."""

from typing import Any

import pytest

from checks.profile import ColumnProfile, ObjectProfile
from contracts.clause import Kind
from usecases.proposals import Candidate, Proposal, propose


def column(name: str = "c", type_: str = "string", **stated: Any) -> ColumnProfile:
    return ColumnProfile(name=name, source_type="VARCHAR", logical_type=type_, **stated)


def table(*columns: ColumnProfile, name: str = "orders", rows: int = 100) -> ObjectProfile:
    return ObjectProfile(name=name, rows=rows, columns=columns)


def kinds(*profiles: ObjectProfile) -> list[Kind]:
    return [candidate.kind for candidate in propose(profiles) if candidate.column]


def test_a_column_that_is_nearly_always_there_may_be_required():
    assert Kind.REQUIRED in kinds(table(column(present=90)))
    assert Kind.REQUIRED not in kinds(table(column(present=89)))


def test_nothing_is_required_of_no_rows():
    assert kinds(table(column(), rows=0)) == [Kind.TYPE]


def test_distinct_integers_may_be_unique_but_measures_are_not():
    assert Kind.UNIQUE in kinds(table(column("n", "integer", present=100, distinct=98)))
    assert Kind.UNIQUE not in kinds(table(column("n", "number", present=100, distinct=98)))


def test_few_texts_in_many_rows_are_a_list():
    found = propose([table(column(present=10, distinct=2, values=("a", "b")))])

    assert Candidate(schema="orders", column="c", kind=Kind.ENUM, value=["a", "b"]) in found


def test_few_texts_in_few_rows_are_no_list():
    assert Kind.ENUM not in kinds(table(column(present=9, distinct=2, values=("a", "b"))))


@pytest.mark.parametrize(("low", "expected"), [(0, True), (0.5, True), (-1, False), (None, False)])
def test_zero_is_the_bound_of_what_was_never_below(low, expected):
    assert (Kind.MINIMUM in kinds(table(column("n", "number", low=low)))) is expected


def test_a_key_needs_no_bound():
    assert Kind.MINIMUM not in kinds(
        table(column("id", "integer", present=100, distinct=100, low=1))
    )


@pytest.mark.parametrize(
    ("name", "other", "end"),
    [
        ("order_id", "orders", "id"),
        ("order_id", "raw_orders", "id"),
        ("ORDERID", "order", "id"),
        ("country_code", "countries", "code"),
        ("o_custkey_id", "customers", "o_custkey_id"),
    ],
)
def test_a_name_points_to_the_key_of_another_object(name: str, other: str, end: str):
    key = column(end, "integer", present=50, distinct=50)
    here = table(column(name, "integer", present=100, distinct=40), name="payments")

    found = propose([here, table(key, name=other, rows=50)])

    link = Candidate(schema="payments", column=name, kind=Kind.RELATIONSHIP, value=f"{other}.{end}")
    assert link in found


def test_a_name_points_to_nothing_that_is_no_key():
    here = table(column("order_id", "integer", present=100, distinct=40), name="payments")
    repeated = table(column("id", "integer", present=100, distinct=40))

    assert Kind.RELATIONSHIP not in kinds(here, repeated)


def test_every_object_should_hold_something():
    assert propose([table()])[-1] == Candidate(
        schema="orders", column=None, kind=Kind.ROW_COUNT, value=0
    )


@pytest.mark.parametrize(
    ("rows", "broken", "kept", "rate", "likely"),
    [
        (0, 0, True, 1.0, True),
        (10, 0, True, 1.0, True),
        (10, 1, False, 0.9, True),
        (10, 2, False, 0.8, False),
        (None, 0, False, 0.0, False),
    ],
)
def test_only_what_every_row_keeps_is_promised(rows, broken, kept, rate, likely):
    candidate = Candidate(schema="t", column="c", kind=Kind.REQUIRED)

    proposal = Proposal(candidate=candidate, rows=rows, broken=broken)

    assert (proposal.kept, proposal.rate, proposal.likely) == (kept, rate, likely)
