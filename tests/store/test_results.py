import itertools
import math
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from checks.model import Cell, Evidence, Finding, Outcome, Result
from contracts.values import Dimension, EngineName, Severity
from store.engine import reading
from store.sql_store import SqlStore
from store.tables.judging import RESULT
from tests.store.build import (
    HOUR,
    INTERVAL,
    NOON,
    clause,
    errored,
    failed,
    passed,
    publish,
    record,
)

_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
_CELLS = (
    st.none() | st.booleans() | st.integers(-(2**80), 2**80) | st.floats(allow_nan=False) | _TEXT
)
_NAMES = st.lists(_TEXT, max_size=3).map(tuple)
_ROWS = st.lists(st.lists(_CELLS, max_size=3).map(tuple), max_size=3).map(tuple)
_NUMBERS = itertools.count()
_FINDINGS = st.builds(
    Finding,
    outcome=st.sampled_from(Outcome),
    measured=_CELLS,
    unit=st.none() | _TEXT,
    rows=st.none() | st.integers(0, 2**62),
    failed_rows=st.none() | st.integers(0, 2**62),
    reason=_TEXT,
    evidence=st.none()
    | st.builds(Evidence, columns=_NAMES, rows=_ROWS, offending=_NAMES, masked=_NAMES),
    seconds=st.none() | st.floats(0, 1e6),
)


def _recorded(store: SqlStore, *results: Result, key: str = "r") -> tuple[Result, ...]:
    with store.write() as shelf:
        run_id = record(shelf, results, key=key, end=NOON, finished=NOON)
        return shelf.runs.results(run_id)


def test_results_come_back_in_their_order(store: SqlStore):
    one, two, three = clause("/1"), clause("/2"), clause("/3")
    results = (failed(two), errored(three), passed(one))
    with store.write() as shelf:
        publish(shelf, one, two, three)

    assert _recorded(store, *results) == results


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)
@given(finding=_FINDINGS, segment=_TEXT)
def test_a_finding_comes_back_whole(store: SqlStore, finding: Finding, segment: str):
    with store.write() as shelf:
        if shelf.contracts.current("orders") is None:
            publish(shelf, clause())
    given_result = Result(clause=clause(), finding=finding, segment=segment)

    assert _recorded(store, given_result, key=f"run {next(_NUMBERS)}") == (given_result,)


def test_not_a_number_is_kept_and_no_broken_json(store: SqlStore, engine: Engine):
    odd: Cell = math.nan
    finding = Finding(outcome=Outcome.FAILED, measured=odd, reason="odd")
    with store.write() as shelf:
        publish(shelf, clause())

    (found,) = _recorded(store, Result(clause=clause(), finding=finding))
    with reading(engine) as connection:
        stored = connection.exec_driver_sql("SELECT json_valid(measured) FROM result").scalar()

    assert isinstance(found.finding.measured, float)
    assert math.isnan(found.finding.measured)
    assert stored == 1


def test_a_result_says_what_was_promised_then(store: SqlStore):
    then = clause(threshold="at least 0", severity=Severity.CRITICAL, dimension=Dimension.ACCURACY)
    now = clause(
        threshold="at least 5",
        severity=Severity.LOW,
        dimension=None,
        engine=EngineName.GREAT_EXPECTATIONS,
    )
    with store.write() as shelf:
        publish(shelf, then)
        run_id = record(shelf, [passed(then)], key="r", end=NOON, finished=NOON)
        publish(shelf, now, number="2.0.0")
        (found,) = shelf.runs.results(run_id)

    assert found.clause == then


def test_a_result_carries_its_interval_and_when_it_became_known(store: SqlStore, engine: Engine):
    known_at = NOON + timedelta(minutes=3)
    with store.write() as shelf:
        publish(shelf, clause())
        record(shelf, [passed(clause())], key="r", end=NOON, finished=known_at)

    with reading(engine) as connection:
        row = connection.execute(
            select(RESULT.c.interval_start, RESULT.c.interval_end, RESULT.c.known_at)
        ).one()
    assert tuple(row) == (INTERVAL.start, INTERVAL.end, known_at)


def test_a_promise_that_publishing_did_not_see_is_kept_with_its_answer(store: SqlStore):
    unseen = clause("/unseen")
    with store.write() as shelf:
        publish(shelf, clause("/1"))

    assert _recorded(store, passed(clause("/1")), failed(unseen))[1] == failed(unseen)
    with store.read() as shelf:
        assert shelf.contracts.clauses("orders") == (clause("/1"), unseen)


def test_an_unseen_promise_of_an_older_version_is_no_promise_of_the_current_one(store: SqlStore):
    with store.write() as shelf:
        publish(shelf)
        publish(shelf, number="2.0.0", at=NOON + HOUR)

    assert _recorded(store, failed(clause("/old"))) == (failed(clause("/old")),)
    with store.read() as shelf:
        assert shelf.contracts.clauses("orders") == ()


def test_a_report_without_results_is_kept(store: SqlStore):
    with store.write() as shelf:
        publish(shelf)

    assert _recorded(store) == ()


def test_five_hundred_results_are_recorded_and_found(store: SqlStore):
    clauses = [clause(f"/{number}") for number in range(500)]
    with store.write() as shelf:
        publish(shelf, *clauses)

    found = _recorded(store, *(passed(one) for one in clauses))

    assert [result.clause.key for result in found] == [one.key for one in clauses]
