import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.charts import HEIGHT, WIDTH, ring, trend
from incidents.model import Incident, IncidentKind, IncidentState
from scorecards.line import Snapshot
from tests.cast import NOON


def snapshot(ago: timedelta, quality: float | None) -> Snapshot:
    return Snapshot(
        at=NOON - ago, run_id=1, quality=quality, low=quality, high=quality, assurance=1, model="1"
    )


def days(*qualities: float | None) -> list[Snapshot]:
    count = len(qualities)
    return [snapshot(timedelta(days=count - at), quality) for at, quality in enumerate(qualities)]


def incident(ago: timedelta) -> Incident:
    return Incident(
        id=7,
        product="a.b",
        kind=IncidentKind.BREACH,
        state=IncidentState.TRIGGERED,
        title="trouble",
        opened_at=NOON - ago,
    )


def points_of(path: str) -> list[tuple[float, float]]:
    pairs = (pair.split() for pair in path.removeprefix("M").split("L"))
    return [(float(x), float(y)) for x, y in pairs]


def test_a_ring_is_as_long_as_its_score():
    drawn = ring(25.0, 20.0, 30.0)

    assert drawn.arc is not None
    assert drawn.band is not None
    assert drawn.arc.length == pytest.approx(math.tau * 85 / 4, abs=0.1)
    assert drawn.band.start == pytest.approx(-math.tau * 85 / 5, abs=0.1)


def test_a_ring_without_doubt_has_no_band():
    assert ring(90.0, 90.0, 90.5).band is None


@pytest.mark.parametrize("bounds", [(None, 1.0, 100.0), (None, None, None)])
def test_what_is_not_measured_is_neither_an_empty_nor_a_full_ring(bounds):
    drawn = ring(*bounds)

    assert (drawn.arc, drawn.band) == (None, None)


@pytest.mark.parametrize("history", [[], days(None, None)])
def test_without_a_score_there_is_no_line(history: list[Snapshot]):
    assert trend(history, (), NOON) is None


def test_a_score_stands_until_the_next_one():
    drawn = trend(days(100.0, 80.0), (), NOON)

    assert drawn is not None
    (line,) = drawn.lines
    heights = [y for _, y in points_of(line)]
    assert heights[0] == heights[1] < heights[2] == heights[3]
    assert drawn.last == points_of(line)[-1]
    assert "between 80 and 100, now 80" in drawn.spoken


def test_the_line_is_broken_where_nothing_was_measured():
    drawn = trend(days(90.0, None, 95.0, None), (), NOON)

    assert drawn is not None
    assert len(drawn.lines) == len(drawn.areas) == 2
    assert drawn.last is None
    assert drawn.spoken.endswith("not measured now")


def test_thousands_of_scores_are_thinned_and_the_worst_is_kept():
    good = [snapshot(timedelta(seconds=5 * at), 100.0) for at in range(20000, 0, -1)]
    good[777] = snapshot(timedelta(seconds=5 * (20000 - 777)), 12.0)

    drawn = trend(good, (), NOON)

    assert drawn is not None
    assert len(points_of(drawn.lines[0])) < 2000
    assert "between 12 and 100" in drawn.spoken
    assert max(y for _, y in points_of(drawn.lines[0])) > HEIGHT - 60


def test_incidents_are_marked_on_the_line_where_they_began():
    found = [incident(timedelta(days=1, hours=1)), incident(timedelta(days=99))]

    drawn = trend(days(100.0, 60.0, 100.0), found, NOON)

    assert drawn is not None
    assert [mark.incident.id for mark in drawn.marks] == [7]
    assert drawn.marks[0].y == max(y for _, y in points_of(drawn.lines[0]))


def test_an_incident_where_nothing_was_measured_lies_on_the_floor():
    drawn = trend(days(100.0, None, None), [incident(timedelta(hours=30))], NOON)

    assert drawn is not None
    assert drawn.marks[0].y == drawn.grid[-1].at


@pytest.mark.parametrize(
    ("span", "label"),
    [
        (timedelta(seconds=1), "11:55:00"),
        (timedelta(hours=1), "11:00"),
        (timedelta(hours=20), "19 Nov 16:00"),
        (timedelta(days=30), "21 Oct"),
    ],
)
def test_the_axis_says_time_as_finely_as_it_must(span: timedelta, label: str):
    drawn = trend([snapshot(span, 100.0)], (), NOON)

    assert drawn is not None
    assert drawn.ticks[0].label == label


@given(st.lists(st.none() | st.floats(0, 100), min_size=1, max_size=60), st.integers(1, 10**7))
def test_every_point_lies_in_the_box(qualities: list[float | None], step: int):
    count = len(qualities)
    history = [
        snapshot(timedelta(seconds=step * (count - at)), quality)
        for at, quality in enumerate(qualities)
    ]

    drawn = trend(history, (), NOON)

    for line in drawn.lines if drawn else ():
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points_of(line))
