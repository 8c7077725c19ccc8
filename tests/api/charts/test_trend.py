from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.charts.scale import HEIGHT, WIDTH
from api.charts.trend import trend
from contracts.record import Version
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


def test_an_incident_before_a_further_fall_lies_on_the_line_at_its_own_moment():
    found = [incident(timedelta(days=1, hours=12))]

    drawn = trend(days(100.0, 80.0, 40.0), found, NOON)

    assert drawn is not None
    (mark,) = drawn.marks
    heights = {y for x, y in points_of(drawn.lines[0])}
    (level,) = heights - {min(heights), max(heights)}
    assert mark.y == level


def test_an_incident_of_a_run_lies_where_that_run_left_the_score():
    drawn = trend(days(100.0, 60.0), [incident(timedelta(days=1))], NOON)

    assert drawn is not None
    assert drawn.marks[0].y == points_of(drawn.lines[0])[-1][1]


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


def version(number: str, ago: timedelta) -> Version:
    return Version(
        contract_id="orders",
        version=number,
        product="a.b",
        sha256="",
        media_type="application/yaml",
        published_at=NOON - ago,
        published_by="ada",
    )


def test_versions_are_marked_where_they_began():
    found = [version("1.1.0", timedelta(days=1)), version("0.9.0", timedelta(days=99))]

    drawn = trend(days(100.0, 90.0, 100.0, 100.0), (), NOON, found)

    assert drawn is not None
    assert [(change.x, change.label) for change in drawn.changes] == [(674.5, "1.1.0")]


def test_a_version_too_near_the_one_before_has_a_mark_without_words():
    found = [version(f"1.{n}.0", timedelta(days=2) - timedelta(hours=n)) for n in range(3)]

    drawn = trend(days(100.0, 90.0, 100.0, 100.0), (), NOON, found)

    assert drawn is not None
    assert [change.label for change in drawn.changes] == ["1.0.0", "", ""]


def test_a_level_stretch_needs_no_points_in_between():
    drawn = trend(days(*[90.0] * 50), (), NOON)

    assert drawn is not None
    assert len(points_of(drawn.lines[0])) == 2
