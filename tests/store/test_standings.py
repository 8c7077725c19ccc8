from datetime import timedelta

from sqlalchemy import Connection, Engine, event

from checks.model import Finding, Outcome, Result
from contracts.timetable import Timetable
from contracts.values import Dimension, Severity
from scorecards.line import Line, Unjudged
from scorecards.model import Standing
from store.sql_store import SqlShelf, SqlStore
from tests.store.build import (
    HOUR,
    MINUTE,
    NOON,
    asked,
    clause,
    errored,
    failed,
    passed,
    publish,
    record,
)

_ONE = clause("/1")


def _record(shelf: SqlShelf, result: Result, *, hour: int, known: int) -> int:
    """Record a run about an interval that ends at ``hour`` and became known at minute ``known``."""
    return record(
        shelf,
        [result],
        key=f"{hour} {known}",
        end=NOON + hour * HOUR,
        finished=NOON + known * MINUTE,
    )


def _line(shelf: SqlShelf) -> Line:
    (line,) = shelf.standings.lines("sales.orders")
    return line


def test_before_the_first_run_a_line_says_so(store: SqlStore):
    text = clause("/2", skipped="a promise for people", executable=False)
    with store.write() as shelf:
        publish(shelf, _ONE, text)

        lines = shelf.standings.lines("sales.orders")

    assert lines == (
        Line(
            result=Result(
                clause=_ONE, finding=Finding(outcome=Outcome.SKIPPED, reason="never run")
            ),
            contract_id="orders",
        ),
        Line(
            result=Result(
                clause=text,
                finding=Finding(outcome=Outcome.SKIPPED, reason="a promise for people"),
            ),
            contract_id="orders",
        ),
    )


def test_a_line_carries_the_newest_answer_and_verdict(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, _ONE)
        run_id = _record(shelf, failed(_ONE), hour=0, known=1)

        line = _line(shelf)

    assert line == Line(
        result=failed(_ONE),
        contract_id="orders",
        run_id=run_id,
        known_at=NOON + MINUTE,
        good=False,
        judged_at=NOON + MINUTE,
    )


def test_a_newer_verdict_replaces_an_older_one(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, _ONE)
        _record(shelf, failed(_ONE), hour=0, known=1)
        _record(shelf, passed(_ONE), hour=1, known=2)

        line = _line(shelf)

    assert (line.good, line.judged_at) == (True, NOON + 2 * MINUTE)


def test_a_late_verdict_about_an_older_interval_changes_nothing(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, _ONE)
        _record(shelf, passed(_ONE), hour=1, known=1)
        before = _line(shelf)
        _record(shelf, failed(_ONE), hour=0, known=2)

        assert _line(shelf) == before


def test_of_two_verdicts_about_one_interval_the_one_known_later_holds(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, _ONE)
        _record(shelf, failed(_ONE), hour=0, known=2)
        _record(shelf, passed(_ONE), hour=0, known=1)
        still = _line(shelf).good
        _record(shelf, passed(_ONE), hour=0, known=3)

        assert (still, _line(shelf).good) == (False, True)


def test_a_run_without_verdict_is_the_newest_answer_and_leaves_the_verdict(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, _ONE)
        _record(shelf, failed(_ONE), hour=0, known=1)
        run_id = _record(shelf, errored(_ONE), hour=1, known=2)

        line = _line(shelf)

    assert line.result == errored(_ONE)
    assert (line.run_id, line.known_at) == (run_id, NOON + 2 * MINUTE)
    assert (line.good, line.judged_at) == (False, NOON + MINUTE)


def test_a_verdict_older_than_the_answer_but_newer_than_the_verdict_is_taken(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, _ONE)
        _record(shelf, failed(_ONE), hour=0, known=1)
        _record(shelf, errored(_ONE), hour=3, known=2)
        _record(shelf, passed(_ONE), hour=2, known=3)

        line = _line(shelf)

    assert line.result.outcome is Outcome.ERRORED
    assert (line.good, line.judged_at) == (True, NOON + 3 * MINUTE)


def test_over_segments_the_gravest_answer_counts(store: SqlStore):
    results = [passed(_ONE, segment="a"), failed(_ONE, segment="b"), errored(_ONE, segment="c")]
    with store.write() as shelf:
        publish(shelf, _ONE)
        record(shelf, results, key="r", end=NOON, finished=NOON)

        line = _line(shelf)

    assert line.result == failed(_ONE, segment="b")
    assert line.good is False


def test_a_retired_clause_has_no_line_and_returns_with_its_verdict(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, _ONE)
        _record(shelf, failed(_ONE), hour=0, known=1)
        publish(shelf, number="1.1.0")
        gone = shelf.standings.lines("sales.orders"), shelf.standings.standing("sales.orders")
        publish(shelf, _ONE, number="1.2.0")

        assert gone == ((), ())
        assert _line(shelf).good is False


def test_lines_take_one_statement_however_many_there_are(store: SqlStore, engine: Engine):
    clauses = [clause(f"/{number}") for number in range(50)]
    with store.write() as shelf:
        publish(shelf, *clauses)
        publish(shelf, *clauses, contract_id="lines")
        record(shelf, [passed(one) for one in clauses], key="r", end=NOON, finished=NOON)
    said: list[str] = []

    def listen(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    with store.read() as shelf:
        lines = shelf.standings.lines("sales.orders")
        standing = shelf.standings.standing("sales.orders")

    assert (len(lines), len(standing)) == (100, 100)
    assert sum(statement.startswith("SELECT") for statement in said) == 2


def test_a_score_is_made_of_executable_clauses(store: SqlStore):
    text = clause("/2", executable=False, skipped="a promise for people")
    bare = clause("/3", dimension=None, severity=Severity.LOW)
    with store.write() as shelf:
        publish(shelf, _ONE, text, bare)
        _record(shelf, passed(_ONE), hour=0, known=1)

        standing = shelf.standings.standing("sales.orders")

    assert standing == (
        Standing(
            key="/1",
            severity=Severity.HIGH,
            dimension=Dimension.CONFORMITY,
            good=True,
            judged_at=NOON + MINUTE,
        ),
        Standing(key="/3", severity=Severity.LOW, dimension=Dimension.CONFORMITY),
    )


def test_a_standing_knows_its_schedule(store: SqlStore):
    every = Timetable(every=timedelta(minutes=5))
    with store.write() as shelf:
        publish(shelf, _ONE)
        shelf.schedules.put("orders", every, anchor=NOON, due=(NOON, NOON))

        (standing,) = shelf.standings.standing("sales.orders")

    assert (standing.timetable, standing.anchor) == (every, NOON)


def test_a_clause_weakened_while_failing_counts_as_it_is_and_as_dropped(store: SqlStore):
    weaker = clause("/1", severity=Severity.LOW)
    with store.write() as shelf:
        publish(shelf, _ONE)
        _record(shelf, failed(_ONE), hour=0, known=1)
        shelf.contracts.drop_failing("orders", {"/1"}, NOON + HOUR)
        publish(shelf, weaker, number="2.0.0")
        _record(shelf, passed(weaker), hour=2, known=2)

        now, dropped = shelf.standings.standing("sales.orders")

    assert (now.good, now.dropped_at) == (True, None)
    assert (dropped.good, dropped.dropped_at) == (False, NOON + HOUR)


def test_what_nobody_could_judge_is_counted_for_each_product(store: SqlStore):
    minor = clause("/2", severity=Severity.LOW)
    other = clause("/3")
    with store.write() as shelf:
        publish(shelf, _ONE, minor, other)
        publish(shelf, _ONE, contract_id="lines", key="sales.lines")
        results = [errored(_ONE), errored(minor), passed(other)]
        record(shelf, results, key="r", end=NOON, finished=NOON)

        found = shelf.standings.unjudged(("sales.orders", "sales.lines", "sales.none"))

    assert found == {
        "sales.orders": Unjudged(errored=2, blocking=1),
        "sales.lines": Unjudged(),
        "sales.none": Unjudged(),
    }


def test_what_was_judged_since_or_promised_no_more_is_not_counted(store: SqlStore):
    gone = clause("/2")
    with store.write() as shelf:
        publish(shelf, _ONE, gone)
        record(shelf, [errored(_ONE), errored(gone)], key="r", end=NOON, finished=NOON)
        publish(shelf, _ONE, number="1.1.0")
        _record(shelf, failed(_ONE), hour=1, known=2)

        found = shelf.standings.unjudged(["sales.orders"])

    assert found == {"sales.orders": Unjudged()}


def test_a_contract_whose_newest_ended_run_was_lost_is_counted_until_one_ends_well(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, _ONE)
        publish(shelf, clause("/2"), contract_id="lines")
        _record(shelf, passed(_ONE), hour=0, known=0)
        run_id, _ = shelf.runs.add(asked("lost"))
        late = NOON + HOUR
        shelf.runs.claim(run_id, owner="w", now=NOON, lease_until=NOON + MINUTE)
        shelf.runs.lose(now=late, attempts=1, limit=9)
        shelf.runs.add(asked("waiting"))

        lost = shelf.standings.unjudged(["sales.orders"])
        _record(shelf, passed(_ONE), hour=1, known=90)

        assert lost == {"sales.orders": Unjudged(lost=1)}
        assert lost["sales.orders"].serious
        assert shelf.standings.unjudged(["sales.orders"]) == {"sales.orders": Unjudged()}
