from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.errors import Forbidden
from checks.model import Outcome
from tests.cast import NOON, ORDERS, VIEWER
from tests.usecases.world import World
from usecases.card import card
from usecases.errors import NoCardYet, NotFound, NotYet
from usecases.explain import Explanation, explain
from usecases.explain_words import rest, sentence

KEY = "sales.orders"
ENUM = "        enum: [{value: open}, {value: done}]\n"
RULE = "        mustBeGreaterThan: 0\n"


def told(world: World, since: datetime | None = None) -> Explanation:
    return explain(world.store, KEY, by=VIEWER, since=since, clock=world.clock)


def sentences(found: Explanation) -> list[str]:
    return [sentence(reason, found.at) for reason in found.reasons]


def ran(world: World, *seconds: float, **said: Outcome) -> None:
    world.judge.said = {key.replace("_", "-"): outcome for key, outcome in said.items()}
    for passed in seconds or (10,):
        world.pass_time(passed)


@pytest.fixture
def judged(world: World) -> World:
    """A product of which all passed, a minute ago."""
    world.publish()
    ran(world)
    return world


def test_a_failure_is_told_with_its_first_run_and_its_points(judged: World):
    since = judged.clock()
    ran(judged, 600, 10, 10, enum=Outcome.FAILED)

    found = told(judged, since)

    assert sentences(found) == [
        "orders.status: one of open, done - failed since 20 Nov 12:10, run 2 (-4.4)"
    ]
    assert found.reasons[0].why == "3 of 9 rows are wrong"
    assert found.then.quality == 100.0
    assert found.together == pytest.approx(0.0)


def test_a_recovery_is_told(judged: World):
    ran(judged, enum=Outcome.FAILED)
    since = judged.clock()
    ran(judged, 10, 10)

    assert sentences(told(judged, since)) == [
        "orders.status: one of open, done - passes again since 20 Nov 12:00, run 3 (+4.4)"
    ]


def test_what_nobody_can_tell_moves_no_points(judged: World):
    since = judged.clock()
    ran(judged, 10, enum=Outcome.ERRORED)

    found = told(judged, since)

    assert sentences(found) == [
        "orders.status: one of open, done - nobody can tell since 20 Nov 12:00, run 2"
    ]
    assert found.reasons[0].why == "the disk is gone"


def test_time_alone_makes_what_was_proven_stale(judged: World):
    since = judged.clock()
    judged.clock.pass_(minutes=5)

    found = told(judged, since)

    assert found.now.quality is None
    assert len(found.reasons) == found.then.clauses
    assert sentences(found)[-1] == "orders: more than 0 rows - no fresh verdict since 20 Nov 12:00"
    assert (found.together, rest(found)) == (None, "")


def test_what_a_version_brought_is_told_with_the_version(judged: World):
    since = judged.clock()
    judged.clock.pass_(hours=1)
    changed = ORDERS.replace(ENUM, "        logicalTypeOptions: {minLength: 2}\n")
    changed = changed.replace(RULE, "        mustBeGreaterThan: 5\n        severity: low\n")
    judged.publish(changed.replace("version: 1.0.0", "version: 2.0.0"))
    ran(judged)

    found = [text for text in sentences(told(judged, since)) if "version" in text]

    assert sorted(found) == [
        "orders.status: at least 2 letters - promised since 20 Nov 13:00, version 2.0.0",
        "orders.status: one of open, done - promised no more since 20 Nov 13:00, version 2.0.0",
        "orders: more than 5 rows - severity high became low at 20 Nov 13:00, version 2.0.0",
        "orders: more than 5 rows - was 'more than 0 rows' until 20 Nov 13:00, version 2.0.0",
    ]


def test_the_version_that_brought_it_is_told_and_not_a_later_one(judged: World):
    since = judged.clock()
    fewer = ORDERS.replace(ENUM, "")
    for number in (1, 2):
        judged.clock.pass_(hours=1)
        judged.publish(fewer.replace("version: 1.0.0", f"version: 1.{number}.0"))

    (found,) = [text for text in sentences(told(judged, since)) if "promised" in text]

    assert found.endswith("promised no more since 20 Nov 13:00, version 1.1.0")


def test_a_clause_dropped_while_failing_is_told_by_its_cap(judged: World):
    ran(judged, enum=Outcome.FAILED)
    since = judged.clock()
    judged.clock.pass_(seconds=1)
    judged.publish(ORDERS.replace(ENUM, "").replace("version: 1.0.0", "version: 2.0.0"))

    found = told(judged, since)

    assert sentences(found) == [
        "a clause was dropped while it failed, which caps the score since 20 Nov 12:00 (-21)",
        "orders.status: one of open, done - promised no more since 20 Nov 12:00, version 2.0.0",
    ]
    assert rest(found) == "together, beyond what each moves alone (+4.4)"


def test_by_default_the_last_24_hours_are_explained(judged: World):
    ran(judged, enum=Outcome.FAILED)
    ran(judged, 25 * 3600, enum=Outcome.FAILED)

    found = told(judged)

    assert found.since == judged.clock() - timedelta(hours=24)
    assert found.then.failing == found.now.failing == 1


def test_a_product_that_is_younger_is_explained_from_its_beginning(judged: World):
    found = told(judged)

    assert found.since == NOON
    assert found.then.quality is None


def test_nothing_happened_in_no_time(judged: World):
    found = told(judged, judged.clock())

    assert (found.reasons, found.together, rest(found)) == ((), 0.0, "")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(st.data())
def test_both_scores_are_those_of_the_cards(judged: World, data: st.DataObject):
    outcome = data.draw(st.sampled_from([Outcome.PASSED, Outcome.FAILED, Outcome.ERRORED]))
    since = judged.clock()
    ran(judged, data.draw(st.sampled_from([10, 25, 3600])), some_rows=outcome)

    found = told(judged, since)

    now = card(judged.store, KEY, by=VIEWER, clock=judged.clock)
    then = card(judged.store, KEY, by=VIEWER, clock=judged.clock, at=since)
    assert (found.now, found.then) == (now.score, then.score)


def test_moments_outside_of_the_past_are_refused(judged: World):
    with pytest.raises(NotYet):
        told(judged, judged.clock() + timedelta(seconds=1))
    with pytest.raises(NoCardYet):
        told(judged, NOON - timedelta(seconds=1))


def test_an_unknown_product_is_not_found(world: World):
    with pytest.raises(NotFound):
        told(world)


def test_the_use_case_asks_for_permission(judged: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("access.model._MAY", dict.fromkeys(type(VIEWER.role), frozenset()))

    with pytest.raises(Forbidden):
        told(judged)
