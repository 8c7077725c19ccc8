from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values import Dimension, Severity
from scorecards.change import Change, ChangeKind, Side, changes, together
from scorecards.model import Standing
from scorecards.score import score
from tests.scorecards.standings import NOW, clause, standings

DAY = timedelta(days=1)
KEPT = clause("/kept")


def side(*clauses: Standing, at=NOW, dropped: tuple[Standing, ...] = ()) -> Side:
    found = {("orders", one.key): one for one in clauses}
    return Side(clauses=found, dropped=dropped, at=at)


def only(then: Side, now: Side) -> Change:
    (found,) = changes(then, now)
    return found


BEFORE, AFTER = replace(clause("/a"), judged_at=NOW - DAY), clause("/a")


@pytest.mark.parametrize(
    ("then", "now", "kind", "sign"),
    [
        (BEFORE, replace(AFTER, good=False), ChangeKind.FAILED, -1),
        (replace(BEFORE, good=False), AFTER, ChangeKind.RECOVERED, 1),
        (None, replace(AFTER, good=False), ChangeKind.ADDED, -1),
        (replace(BEFORE, good=False), None, ChangeKind.REMOVED, 1),
        (
            replace(BEFORE, good=False),
            replace(AFTER, good=False, severity=Severity.LOW),
            ChangeKind.WEAKENED,
            1,
        ),
        (
            replace(BEFORE, good=False),
            replace(AFTER, good=False, severity=Severity.CRITICAL),
            ChangeKind.STRENGTHENED,
            -1,
        ),
    ],
)
def test_what_happened_to_a_clause_is_named_with_its_points(then, now, kind, sign):
    bad = clause("/bad", Severity.MEDIUM, good=False)
    kept = [KEPT, bad]

    found = only(
        side(*kept, *([then] if then else []), at=NOW - DAY / 24),
        side(*kept, *([now] if now else [])),
    )

    assert (found.kind, found.clause) == (kind, ("orders", "/a"))
    assert found.points is not None
    assert found.points * sign > 0


def test_a_failure_that_goes_on_is_no_change():
    failing = clause("/a", good=False, age=DAY)

    assert changes(side(failing, at=NOW - DAY), side(clause("/a", good=False))) == ()


def test_a_pass_that_nobody_renewed_goes_stale():
    found = only(side(BEFORE, at=NOW - DAY), side(BEFORE, at=NOW + 2 * DAY))

    assert (found.kind, found.points) == (ChangeKind.STALE, None)


def test_a_good_verdict_where_there_was_none_is_the_first():
    never = clause("/a", good=None)

    assert only(side(never, KEPT), side(AFTER, KEPT)).kind is ChangeKind.FIRST


def test_a_clause_dropped_while_failing_caps_and_the_cap_ends():
    gone = clause("/gone", good=False, dropped=DAY)
    kept = side(KEPT, at=NOW - 2 * DAY)

    dropped = only(kept, side(KEPT, dropped=(gone,)))
    late = side(replace(KEPT, judged_at=NOW + 28 * DAY), dropped=(gone,), at=NOW + 28 * DAY)
    forgiven = only(side(KEPT, dropped=(gone,)), late)

    assert (dropped.kind, dropped.clause, dropped.points) == (ChangeKind.DROPPED, None, -21)
    assert (forgiven.kind, forgiven.clause) == (ChangeKind.FORGIVEN, None)


def test_a_clause_that_was_weakened_and_failed_changed_twice():
    worse = replace(AFTER, good=False, severity=Severity.LOW)

    found = changes(side(BEFORE, KEPT), side(worse, KEPT))

    assert {change.kind for change in found} == {ChangeKind.WEAKENED, ChangeKind.FAILED}


def test_what_cost_most_stands_first():
    first = clause("/b", Severity.CRITICAL, Dimension.ACCURACY)
    then = side(BEFORE, first, KEPT)

    found = changes(then, side(replace(AFTER, good=False), replace(first, good=False), KEPT))

    points = [change.points for change in found]
    assert found[0].clause == ("orders", "/b")
    assert points == sorted(points, key=lambda value: value or 0)


@given(standings(), standings(), st.integers(0, 30 * 24))
def test_the_changes_and_the_rest_make_up_the_difference(
    old: list[Standing], new: list[Standing], hours: int
):
    then, now = side(*old, at=NOW - timedelta(hours=hours)), side(*new)

    found = changes(then, now)

    rest = together(then, now, found)
    before = score(old, then.at).quality
    after = score(new, NOW).quality
    if rest is not None:
        assert before is not None
        assert after is not None
        moved = sum(change.points or 0.0 for change in found)
        assert moved + rest == pytest.approx(after - before, abs=1e-9)


@given(standings())
def test_nothing_changes_between_a_moment_and_itself(found: list[Standing]):
    then = side(*found)

    assert changes(then, then) == ()
    assert together(then, then, ()) in {None, 0.0}


@given(standings().filter(bool), st.data())
def test_a_change_that_is_alone_explains_all(found: list[Standing], data: st.DataObject):
    place = data.draw(st.integers(0, len(found) - 1))
    turned = replace(found[place], good=not found[place].good, judged_at=NOW)
    then, now = side(*found), side(*(turned if one is found[place] else one for one in found))

    made = changes(then, now)

    rest = together(then, now, made)
    assert len(made) <= 1
    assert rest is None or rest == pytest.approx(0.0, abs=1e-9)
