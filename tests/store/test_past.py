from datetime import timedelta

import pytest

from access.record import AuditEvent
from checks.model import Outcome, Result
from incidents.model import IncidentEvent, IncidentState
from runs.model import Pause, RunState
from scorecards.line import Known, Turn
from store.sql_store import SqlShelf, SqlStore
from tests.store.anywhere import KINDS
from tests.store.build import (
    HOUR,
    MINUTE,
    NOON,
    asked,
    clause,
    errored,
    failed,
    incident,
    passed,
    publish,
    record,
    report,
)

pytestmark = pytest.mark.parametrize("store_anywhere", KINDS, indirect=True)
ONE = clause("/1")
REF = ("orders", "/1")
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def store(store_anywhere: SqlStore) -> SqlStore:
    return store_anywhere


def judge(shelf: SqlShelf, *results: Result, minute: int, about: int | None = None) -> int:
    """Record a run that ended at ``minute``, about an interval that ended at minute ``about``."""
    end = NOON + (minute if about is None else about) * MINUTE
    at = NOON + minute * MINUTE
    return record(shelf, results, key=f"{minute} {about}", end=end, finished=at)


def known(shelf: SqlShelf, minute: float) -> Known | None:
    return shelf.past.answers(["orders"], NOON + minute * MINUTE).get(REF)


def test_before_the_first_run_nothing_was_known(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, ONE)
        judge(shelf, passed(ONE), minute=1)

        assert shelf.past.answers(["orders"], NOON + MINUTE - INSTANT) == {}


def test_each_answer_was_known_until_the_next(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, ONE)
        first = judge(shelf, failed(ONE), minute=1)
        second = judge(shelf, errored(ONE), minute=5)

        assert known(shelf, 4.9) == Known(
            finding=failed(ONE).finding,
            segment="",
            run_id=first,
            known_at=NOON + MINUTE,
            good=False,
            judged_at=NOON + MINUTE,
        )
        assert known(shelf, 5) == Known(
            finding=errored(ONE).finding,
            segment="",
            run_id=second,
            known_at=NOON + 5 * MINUTE,
            good=False,
            judged_at=NOON + MINUTE,
        )


def test_a_late_answer_about_an_older_interval_changes_nothing(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, ONE)
        judge(shelf, passed(ONE), minute=5)
        before = known(shelf, 9)
        judge(shelf, failed(ONE), minute=7, about=3)

        assert known(shelf, 9) == before


def test_over_segments_the_gravest_counts_and_an_errored_one_is_no_verdict(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, ONE)
        judge(shelf, passed(ONE, segment="a"), failed(ONE, segment="b"), minute=1)
        judge(shelf, passed(ONE, segment="a"), errored(ONE, segment="b"), minute=2)

        first, second = known(shelf, 1), known(shelf, 2)

    assert first is not None
    assert second is not None
    assert (first.segment, first.good) == ("b", False)
    assert (second.segment, second.finding.outcome) == ("b", Outcome.ERRORED)
    assert (second.good, second.judged_at) == (False, NOON + MINUTE)


def test_a_run_that_did_not_count_is_not_known(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, ONE)
        judge(shelf, passed(ONE), minute=1)
        publish(shelf, ONE, number="2.0.0", at=NOON + 2 * MINUTE)
        run_id, _ = shelf.runs.add(asked("old"))
        claim = shelf.runs.claim(run_id, owner="w", now=NOON, lease_until=NOON + HOUR)
        assert claim is not None
        late = NOON + 3 * MINUTE
        told = report(failed(ONE), finished=late)
        shelf.runs.finish(claim, state=RunState.DONE, report=told, error="", now=late)

        found = known(shelf, 9)

    assert found is not None
    assert found.good is True


def test_the_version_then_is_the_newest_published_by_then(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, ONE)
        publish(shelf, ONE, number="1.1.0", at=NOON + HOUR)
        publish(shelf, ONE, number="2.0.0", at=NOON + 2 * HOUR, key="sales.moved")

        said = [
            [version.version for version in shelf.past.versions("sales.orders", at)]
            for at in (NOON - INSTANT, NOON, NOON + HOUR, NOON + 2 * HOUR)
        ]

        assert said == [[], ["1.0.0"], ["1.1.0"], []]
        assert shelf.past.first("sales.orders") == NOON
        assert shelf.past.first("no.such") is None
        newest = shelf.past.latest("sales.orders", NOON + 9 * HOUR)
        assert newest is not None
        assert newest.version == "1.1.0"
        assert [version.version for version in shelf.past.chain("orders", NOON + HOUR)] == [
            "1.1.0",
            "1.0.0",
        ]


def test_each_drop_of_a_clause_is_remembered(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, ONE)
        for hours in (1, 3):
            shelf.contracts.drop_failing("orders", {"/1"}, NOON + hours * HOUR)

        drops = [shelf.past.drops(["orders"], NOON + hours * HOUR) for hours in (0, 2, 3)]

        assert drops == [{}, {REF: NOON + HOUR}, {REF: NOON + 3 * HOUR}]


def test_an_incident_is_shown_as_it_was(store: SqlStore):
    with store.write() as shelf:
        publish(shelf)
        opened = IncidentEvent(at=NOON, kind="opened", actor="assay", detail="")
        taken = IncidentEvent(at=NOON + HOUR, kind="acknowledged", actor="ann", detail="")
        first = shelf.incidents.save(incident(), [opened])
        changed = {"id": first.id, "acknowledged_by": "ann", "state": IncidentState.ACKNOWLEDGED}
        second = shelf.incidents.save(incident(**changed), [taken])
        shelf.incidents.save(second, [])

        found = [
            shelf.past.incidents("sales.orders", at, limit=9)
            for at in (NOON - INSTANT, NOON, NOON + HOUR)
        ]

        assert found == [(), (first,), (second,)]


def test_the_newest_ended_run_of_then_says_whether_it_was_lost(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, ONE)
        judge(shelf, passed(ONE), minute=0)
        run_id, _ = shelf.runs.add(asked("lost"))
        shelf.runs.claim(run_id, owner="w", now=NOON, lease_until=NOON + MINUTE)
        shelf.runs.lose(now=NOON + HOUR, attempts=1, limit=9)

        lost = [
            shelf.past.lost(["orders"], at) for at in (NOON, NOON + HOUR - INSTANT, NOON + HOUR)
        ]

        assert lost == [0, 0, 1]


def test_a_verdict_turned_at_the_first_that_was_not_as_before(store: SqlStore):
    with store.write() as shelf:
        publish(shelf, ONE)
        judge(shelf, failed(ONE), minute=1)
        judge(shelf, passed(ONE), minute=2)
        run_id = judge(shelf, failed(ONE), minute=3)
        judge(shelf, errored(ONE), minute=4)
        judge(shelf, failed(ONE), minute=5)

        turn = shelf.past.turned(REF, Outcome.FAILED, after=[Outcome.PASSED], at=NOON + HOUR)
        early = shelf.past.turned(REF, Outcome.FAILED, after=[Outcome.PASSED], at=NOON + MINUTE)
        never = shelf.past.turned(REF, Outcome.SKIPPED, after=[Outcome.PASSED], at=NOON + HOUR)

        assert turn == Turn(at=NOON + 3 * MINUTE, run_id=run_id)
        assert early == Turn(at=NOON + MINUTE, run_id=1)
        assert never is None


def test_a_pause_holds_until_it_is_resumed_and_not_for_a_later_schedule(store: SqlStore):
    def note(action: str, minute: int) -> AuditEvent:
        return AuditEvent(
            at=NOON + minute * MINUTE,
            actor="ann",
            action=action,
            subject="contract/orders",
            detail="moving house",
        )

    with store.write() as shelf:
        shelf.audit.append(note("schedule.pause", 1))
        shelf.audit.append(note("schedule.resume", 3))
        shelf.audit.settle()

        def pause(minute: int, since: int = 0) -> Pause | None:
            at, start = NOON + minute * MINUTE, NOON + since * MINUTE
            return shelf.past.pause("orders", at, since=start)

        held = Pause(at=NOON + MINUTE, by="ann", reason="moving house")
        assert [pause(0), pause(2), pause(3), pause(2, since=2)] == [None, held, None, None]
