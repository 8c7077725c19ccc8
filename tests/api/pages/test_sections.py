from api.pages.rows import Row, rows_of_results
from api.pages.sections import Sought, sections, sift
from checks.model import Finding, Outcome, Result
from contracts.clause import Clause, Kind


def row(outcome: Outcome, *, reason: str = "", **about) -> Row:
    clause = Clause(
        **{"key": "/k", "pointer": "", "kind": Kind.REQUIRED, "threshold": "never null", **about}
    )
    return rows_of_results(
        [Result(clause=clause, finding=Finding(outcome=outcome, reason=reason))]
    )[0]


PASSED = row(Outcome.PASSED, schema="a", column="x")
OTHER = row(Outcome.PASSED, schema="b", column="y")
WHOLE = row(Outcome.PASSED)
BROKEN = row(Outcome.FAILED, schema="a", column="x", reason="3 rows are null")


def test_rows_that_errored_for_one_reason_are_one_block():
    gone = [row(Outcome.ERRORED, reason="the disk is gone") for _ in range(3)]
    late = row(Outcome.ERRORED, reason="too late")

    found = sections([BROKEN, *gone, late])

    assert [len(block) for block in found.trouble] == [1, 3, 1]


def test_what_is_kept_is_grouped_by_object():
    found = sections([PASSED, OTHER, WHOLE])

    assert [(group.name, len(group.rows)) for group in found.kept] == [("a", 1), ("b", 1), ("", 1)]


def test_promises_between_people_are_apart_from_what_was_skipped():
    word = row(Outcome.SKIPPED, kind=Kind.TEXT, reason="a promise for people")
    later = row(Outcome.SKIPPED, reason="not supported yet")

    found = sections([word, later])

    assert found.people == (word,)
    assert [(group.name, group.rows) for group in found.skipped] == [
        ("not supported yet", (later,))
    ]


def test_rows_are_found_by_every_word():
    rows = (PASSED, OTHER, BROKEN)

    assert sift(rows, Sought(text="X Never")) == (PASSED, BROKEN)
    assert sift(rows, Sought(text="3 rows")) == (BROKEN,)
    assert sift(rows, Sought(text="x y")) == ()
    assert sift(rows, Sought()) == rows


def test_rows_are_found_by_outcome_object_and_key():
    rows = (PASSED, OTHER, WHOLE, BROKEN)

    assert sift(rows, Sought(outcome=Outcome.FAILED)) == (BROKEN,)
    assert sift(rows, Sought(schema="b")) == (OTHER,)
    assert sift(rows, Sought(schema="")) == (WHOLE,)
    assert sift(rows, Sought(key="/other")) == ()
